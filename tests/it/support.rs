//! What several tests lean on.

pub mod content;
pub mod diff;
pub mod program;
