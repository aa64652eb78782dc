//! Finds the entry that an utterance means.

pub mod decide;

use crate::faq::{EntryId, Faq};

/// An entry with its score, before any decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The entry.
    pub entry: EntryId,
    /// The probability that it is meant, 0..=1.
    pub score: f32,
}

/// What was found for an utterance.
#[derive(Clone, Debug, Default)]
pub struct Ranking {
    /// At most five, best first.
    pub candidates: Vec<Candidate>,
}

impl Ranking {
    /// The best candidate's score; 0 without one.
    pub fn score(&self) -> f32 {
        self.candidates.first().map_or(0.0, |best| best.score)
    }

    /// Those candidates that are near enough to be worth a look.
    pub fn near(&self) -> impl Iterator<Item = &Candidate> {
        self.candidates.iter().filter(|candidate| candidate.score >= 0.05)
    }
}

/// What was learned from the phrasings and the counter-examples.
pub struct Matcher {}

impl Matcher {
    /// Learns from everything `faq` holds.
    pub fn learn(_faq: &Faq) -> Self {
        Self {}
    }

    /// The entries that `utterance` may mean; `subject` is read before it when it names none itself.
    pub fn find(&self, _utterance: &str, _subject: Option<&str>) -> Ranking {
        Ranking::default()
    }
}
