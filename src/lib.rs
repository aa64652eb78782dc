//! Answers people's questions from one guide.
//!
//! # The path of a message
//!
//! ```text
//! channel::telegram             `Bot::handle` looks whether the update was claimed: a redelivered one stops here
//! channel::messenger            `webhook::take` claims each event before it is acknowledged: likewise
//! channel::{web, terminal, …}   their update                   -> Message
//! responder::respond            Message                        -> Reply
//!   ├ responder.view            group                          -> View, the content as the group sees it
//!   ├ memory.recall             what was said before           -> State
//!   ├ view.find                 text                           -> Ranking
//!   ├ conversation::step        State, Message, Ranking, View  -> State, Reply
//!   └ memory.remember           what came of it
//! channel::…                    Reply                          -> their request
//! ```
//!
//! # What lives where
//!
//! Modules are layers; each names only those above it in this file's list. Time and randomness come into the pure
//! half as arguments. `tests/it/tidy.rs` sees to both.
//!
//! Beside `src/`: the content in `faq/`, the tests in `tests/it/` (conversations as text files in
//! `tests/it/conversations/`), labelled questions in `tests/eval/`, what was measured of the matcher in `docs/`.

// pure: no async, no clock, no files, no environment, no network
pub mod id; //           names of entries, kinds of small talk, topics
pub mod message; //      what one person sent, and where it was said
pub mod text; //         normalized text, its words, their phonetic keys, stems and meanings
pub mod wording; //      every sentence the bot itself says, by language
pub mod faq; //          the content, its format, what can be wrong with it, importing
pub mod matcher; //      the entries that a text may mean, each with its score
pub mod reply; //        what is said, rendered for each channel
pub mod view; //         the content as one group sees it: found, shown, decided
pub mod conversation; // one step: what is remembered, and the reply
// effects
pub mod config; //       the settings, from the environment
pub mod telemetry; //    logs and metrics
pub mod store; //        what must survive a restart: SQLite or PostgreSQL
pub mod statistics; //   what was counted, by day
pub mod library; //      the content in service, swapped when its files change
pub mod learning; //     unanswered questions, teachings, a group's own answers
pub mod memory; //       what the responder remembers, never waited for beyond 50 ms
pub mod responder; //    message in, reply out: start reading here
pub mod channel; //      the ways people reach the bot
pub mod app; //          builds the parts, runs the channels, stops gracefully
pub mod command; //      one file a command
pub mod cli; //          the command line
