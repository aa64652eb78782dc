//! The tests of the whole program, in one binary.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "tests")]

mod ask;
mod check;
mod import;
mod support;
