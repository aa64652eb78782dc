//! From a ranking to a decision, by the place's thresholds.

use super::Ranking;
use crate::faq::{EntryId, Faq};
use crate::message::Place;

/// What is to be done with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Answer these entries, one or two.
    Answer(Vec<EntryId>),
    /// Offer these, two or three.
    Suggest(Vec<EntryId>),
    /// Small talk of this kind.
    Smalltalk(EntryId),
    /// Not in the guide; the topic where it is a known one.
    Fallback(Option<EntryId>),
    /// Say nothing.
    Silent,
}

/// Decides what is done at `place`.
pub fn decide(_ranking: &Ranking, place: Place, _faq: &Faq) -> Decision {
    match place {
        Place::Overheard => Decision::Silent,
        _ => Decision::Fallback(None),
    }
}
