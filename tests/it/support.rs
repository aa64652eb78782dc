//! What several tests lean on.

pub mod app;
pub mod browser;
pub mod database;
pub mod proxy;
