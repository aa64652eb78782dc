//! What a teaching says, and how it is written down.

use serde::{Deserialize, Serialize};

use super::clusters::ClusterState;
use super::error::Error;
use crate::faq::{Entry, EntryId};

/// What is taught.
#[derive(Clone, Debug, PartialEq)]
pub enum Lesson {
    /// Another way to ask for an entry.
    Phrasing {
        /// The entry.
        entry: EntryId,
        /// How people ask.
        text: String,
    },
    /// An entry that the guide does not have.
    Entry(Box<Entry>),
    /// An entry as it is from now on, phrasings included; for all only.
    Edit(Box<Entry>),
    /// No entry answers this.
    CounterExample {
        /// What people ask.
        text: String,
    },
    /// This is no question at all; not to be shown again.
    Ignore {
        /// What was said.
        text: String,
    },
}

impl Lesson {
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Phrasing { .. } => "phrasing",
            Self::Entry(_) => "entry",
            Self::Edit(_) => "edit",
            Self::CounterExample { .. } => "counter-example",
            Self::Ignore { .. } => "ignore",
        }
    }

    /// What the questions become that gave rise to it.
    pub(super) fn settles(&self) -> ClusterState {
        match self {
            Self::Phrasing { .. } | Self::Entry(_) | Self::Edit(_) => ClusterState::Answered,
            Self::CounterExample { .. } | Self::Ignore { .. } => ClusterState::Ignored,
        }
    }

    pub(super) fn entry(&self) -> &str {
        match self {
            Self::Phrasing { entry, .. } => entry.as_str(),
            Self::Entry(entry) | Self::Edit(entry) => entry.id.as_str(),
            Self::CounterExample { .. } | Self::Ignore { .. } => "",
        }
    }

    pub(super) fn body(&self) -> Result<String, Error> {
        let json = match self {
            Self::Phrasing { text, .. } | Self::CounterExample { text } | Self::Ignore { text } => {
                serde_json::to_string(&TextBody { text: text.clone() })
            }
            Self::Entry(entry) | Self::Edit(entry) => serde_json::to_string(&EntryBody::of(entry)),
        };
        json.map_err(|error| Error::Broken(error.to_string()))
    }

    /// None when a newer or a damaged store says what this program does not understand.
    pub(super) fn stored(kind: &str, entry: &str, body: &str) -> Option<Self> {
        let text = || serde_json::from_str(body).ok().map(|TextBody { text }| text);
        match kind {
            "phrasing" => Some(Self::Phrasing { entry: entry.parse().ok()?, text: text()? }),
            "entry" | "edit" => {
                let body: EntryBody = serde_json::from_str(body).ok()?;
                let entry = Box::new(body.entry(entry.parse().ok()?)?);
                Some(if kind == "edit" { Self::Edit(entry) } else { Self::Entry(entry) })
            }
            "counter-example" => Some(Self::CounterExample { text: text()? }),
            "ignore" => Some(Self::Ignore { text: text()? }),
            _ => None,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct TextBody {
    text: String,
}

#[derive(Serialize, Deserialize)]
struct EntryBody {
    question: String,
    label: String,
    #[serde(default)]
    section: Option<String>,
    answer: String,
    #[serde(default)]
    related: Vec<String>,
    #[serde(default)]
    phrasings: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    picture: Option<String>,
}

impl EntryBody {
    fn of(entry: &Entry) -> Self {
        Self {
            question: entry.question.clone(),
            label: entry.label.clone(),
            section: entry.section.clone(),
            answer: entry.answer.clone(),
            related: entry.related.iter().map(EntryId::to_string).collect(),
            phrasings: entry.phrasings.clone(),
            picture: entry.picture.clone(),
        }
    }

    fn entry(self, id: EntryId) -> Option<Entry> {
        let related = self.related.iter().map(|id| id.parse().ok()).collect::<Option<_>>()?;
        let Self { question, label, section, answer, phrasings, picture, .. } = self;
        Some(Entry { id, question, label, section, answer, related, phrasings, picture })
    }
}
