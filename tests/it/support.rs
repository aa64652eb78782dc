//! What several tests lean on.

pub mod app;
pub mod browser;
pub mod content;
pub mod database;
pub mod diff;
pub mod program;
pub mod proxy;
