//! Whether words look like a question: a mark, a question word, or a plea to be told.

use super::concept::Concept;

/// Whether there is any sign of a question: without one, a message may be a statement in the same words ("৩ মাস লাগে
/// শিখতে" beside "কয় মাস লাগে শিখতে").
///
/// ```
/// use uttor::text::{asks::asks, concept::Concept};
/// assert!(asks(false, [Concept::Learn, Concept::HowLong]));
/// assert!(!asks(false, [Concept::Learn, Concept::Need]));
/// ```
pub fn asks(question_mark: bool, concepts: impl IntoIterator<Item = Concept>) -> bool {
    question_mark || concepts.into_iter().any(|concept| concept.asks() || concept == Concept::Tell)
}
