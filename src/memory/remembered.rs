//! What is remembered of a conversation: where it stands, and what was asked before a 👎 that may follow.

use serde::{Deserialize, Serialize};

use crate::conversation::State;
use crate::faq::EntryId;

/// What the cache needs for a conversation beside its texts, in bytes.
const OVERHEAD: usize = 600;

/// How many of a conversation's questions are held.
const MAX_QUESTIONS: usize = 8;

/// What is remembered of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Remembered {
    /// Where it stands.
    pub state: State,
    /// What was asked lately, and the entry that answered it; none where several were offered. The latest is last.
    questions: Vec<(Option<EntryId>, String)>,
}

impl Remembered {
    /// Holds a question until it shows whether `entry` was what was meant.
    pub fn hold(&mut self, entry: Option<&EntryId>, question: &str) {
        self.questions.retain(|(other, _)| other.as_ref() != entry);
        self.questions.push((entry.cloned(), question.to_owned()));
        if self.questions.len() > MAX_QUESTIONS {
            self.questions.remove(0);
        }
    }

    /// Takes the question that `entry` answered: it was not what was meant.
    pub fn take(&mut self, entry: Option<&EntryId>) -> Option<String> {
        let at = self.questions.iter().position(|(other, _)| other.as_ref() == entry)?;
        Some(self.questions.remove(at).1)
    }

    /// Its size in the cache, in bytes.
    pub fn weight(&self) -> u32 {
        let texts: usize = self.questions.iter().map(|(_, text)| text.len() + 60).sum();
        u32::try_from(OVERHEAD + texts).unwrap_or(u32::MAX)
    }
}
