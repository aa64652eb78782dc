//! What several tests lean on.

pub mod app;
pub mod browser;
pub mod content;
pub mod database;
pub mod diff;
pub mod graph;
pub mod program;
pub mod proxy;
pub mod serving;
pub mod telegram;

/// Says why a test did nothing, past the test runner, which keeps the words of what passes to itself.
pub fn skipped(why: &str) {
    use std::io::Write as _;
    let _unread = writeln!(std::io::stderr(), "skipped: {why}");
}
