//! Whether an utterance looks like a question.

use super::concept::Concept;

/// Signs of a question, each counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asking {
    /// It ends in a question mark, or has one.
    pub mark: bool,
    /// It has a question word.
    pub word: bool,
}

/// Looks for the signs in `normalized` text and the concepts of its words.
pub fn asking(normalized: &str, concepts: impl Iterator<Item = Concept>) -> Asking {
    let mut word = false;
    for concept in concepts {
        word |= concept.asks();
    }
    Asking { mark: normalized.contains('?'), word }
}
