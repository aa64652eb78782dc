//! The tests of the whole program, in one binary.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod import;
mod support;
