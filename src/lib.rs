//! Answers beginners' questions about freelancing from one guide.
//!
//! # The path of a message
//!
//! ```text
//! channel::{web, terminal, …}   their update                   -> Message
//! responder::respond            Message                        -> Reply
//!   ├ memory.claim              first time? a redelivered message stops here
//!   ├ memory.recall             what was said before           -> State
//!   ├ matcher.find              text                           -> Ranking
//!   ├ conversation::step        State, Message, Ranking        -> State, Reply
//!   └ memory.remember           what came of it
//! channel::…                    Reply                          -> their request
//! ```
//!
//! Modules are layers; each names only those above it in this list.

// pure: no async, no clock, no files, no environment, no network
pub mod id;
pub mod message;
pub mod text;
pub mod faq;
pub mod matcher;
pub mod reply;
pub mod conversation;
// effects
pub mod config;
pub mod telemetry;
pub mod store;
pub mod statistics;
pub mod library;
pub mod learning;
pub mod memory;
pub mod responder;
pub mod channel;
pub mod app;
pub mod command;
pub mod cli;
