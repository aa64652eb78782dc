//! Answers beginners' questions about freelancing from one guide.
//!
//! # The path of a message
//!
//! ```text
//! channel::{web, terminal, …}   their update                   -> Message
//! responder::respond            Message                        -> Reply
//!   ├ matcher.find              text                           -> Ranking
//!   └ conversation::step        State, Message, Ranking        -> State, Reply
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
pub mod library;
pub mod responder;
pub mod channel;
pub mod app;
pub mod command;
pub mod cli;
