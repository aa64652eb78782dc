//! The tests of the whole program, in one binary.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod ask;
mod browser;
mod check;
mod config;
mod console;
mod conversations;
mod english;
mod import;
mod learning;
mod mask;
mod matching;
mod memory;
mod messenger;
mod operate;
mod own_guide;
mod person;
mod reload;
mod render;
mod scripts;
mod serve;
mod store;
mod support;
mod telegram;
mod teach;
mod tidy;
mod web;
