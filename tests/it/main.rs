//! The one test binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

mod mask;
mod store;
mod support;
