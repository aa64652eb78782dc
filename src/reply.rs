//! What the bot says back, free of any channel.

pub mod links;
pub mod pager;
pub mod record;
pub mod render;

pub use crate::matcher::decide::Outcome;
use crate::message::Payload;

/// What the bot says back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// What was decided.
    pub outcome: Outcome,
    /// Plain text with `*bold*`, `-` lists and links; empty when silent.
    pub text: String,
    /// In the order in which they are shown.
    pub buttons: Vec<Button>,
}

impl Reply {
    /// Says nothing.
    pub fn silent() -> Self {
        Self { outcome: Outcome::Silent, text: String::new(), buttons: Vec::new() }
    }
}

/// A button below a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What it shows.
    pub label: String,
    /// What it does.
    pub action: Action,
}

/// What a button does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Opens a link.
    Open(String),
    /// Sends a payload.
    Press(Payload),
}
