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
//! # The layers
//!
//! A module names only those above it in this list; `tests/it/tidy.rs` sees to it. Above the line everything is
//! pure: no async, no clock, no files, no environment, no network; time and randomness come in as arguments.
//!
//! ```text
//! message        what one person sent, and where it was said
//! text           normalized text, its words, their phonetic keys, stems and meanings
//! faq            the content: entries, small talk, what the guide does not cover; its format, its mistakes
//! matcher        the entries that a text may mean, each with its score
//! reply          what is said, in whose words, rendered for each channel
//! conversation   what is remembered of a conversation, and the next step of it
//! ────────
//! store          what must survive a restart: SQLite or PostgreSQL
//! library        the content in service, swapped when its files change
//! config         the settings from the environment
//! telemetry      logs and metrics
//! responder      message in, reply out: start reading here
//! channel        the ways people reach the bot
//! app            builds the parts, runs the channels, stops gracefully
//! command        one file for each command
//! cli            the command line
//! ```

pub mod app;
pub mod channel;
pub mod cli;
pub mod command;
pub mod config;
pub mod conversation;
pub mod faq;
pub mod library;
pub mod matcher;
pub mod message;
pub mod reply;
pub mod responder;
pub mod store;
pub mod telemetry;
pub mod text;
