//! What the bot says back, free of any channel.

pub mod links;
pub mod record;
pub mod render;
pub mod wording;

use crate::faq::EntryId;
use crate::message::Payload;

/// What the bot says back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// What kind of reply it is.
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

/// The kinds of reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// These entries are meant: one, or two when the message asks two questions.
    Answer(Vec<EntryId>),
    /// One of these two or three may be meant.
    Suggest(Vec<EntryId>),
    /// A greeting, thanks …
    Smalltalk,
    /// The guide has no answer: its article's link.
    Fallback,
    /// Nothing is said.
    Silent,
}

impl Outcome {
    /// Its name in JSON, metrics and tables.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Answer(_) => "answer",
            Self::Suggest(_) => "suggest",
            Self::Smalltalk => "smalltalk",
            Self::Fallback => "fallback",
            Self::Silent => "silent",
        }
    }

    /// The entries that were answered.
    pub fn answered(&self) -> &[EntryId] {
        match self {
            Self::Answer(entries) => entries,
            _ => &[],
        }
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
