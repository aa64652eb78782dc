//! Whether a person is wanted, or the writer is in despair: told from everything else that people write, with a model
//! of its own, because the one of small talk and topics has never seen a question that the guide answers.

use super::features::Word;
use super::learn::{Dense, Samples, softmax};
use super::postings::Scores;
use super::weights::{DISTRESS_SURE, HANDOFF_SURE, PART_WORDS, PERSON_IMPORTANCE, SENTENCE_SURE};
use super::{Kind, Matcher};
use crate::faq::{Distress, Faq, Handoff};

/// What is learned from, as classes behind those of the entries, small talk and topics: who wants a person, who is in
/// despair, and the counter-examples of both. A file that is missing has empty classes.
pub(super) fn examples(faq: &Faq) -> [Vec<&String>; 4] {
    let handoff = |of: fn(&Handoff) -> &Vec<String>| faq.handoff.iter().flat_map(of).collect();
    let distress = |of: fn(&Distress) -> &Vec<String>| faq.distress.iter().flat_map(of).collect();
    [
        handoff(|handoff| &handoff.phrasings),
        distress(|distress| &distress.phrasings),
        handoff(|handoff| &handoff.counter_examples),
        distress(|distress| &distress.counter_examples),
    ]
}

/// How many classes are learned: everything else, [`Kind::Handoff`], [`Kind::Distress`], and the counter-examples, which
/// would be lost among everything else.
const CLASSES: usize = 4;

/// The weights of these; `first` is the first of the classes of [`examples`].
pub(super) fn learn(samples: &Samples<'_>, dimensions: usize, first: usize) -> Dense {
    let class_of = |class: u32| match (class as usize).checked_sub(first) {
        Some(kind @ 0..=1) => kind + 1,
        Some(2..=3) => 3,
        _ => 0,
    };
    let importance = |class| if class == 0 { 1.0 } else { PERSON_IMPORTANCE };
    Dense::learn(samples, dimensions, CLASSES, |class| Some(class_of(class)), importance)
}

impl Matcher {
    /// Whether the message, read as `whole`, or one of its sentences surely says that a person is wanted or
    /// that the writer is in despair; despair goes first.
    pub(super) fn person(&self, words: &[Word], whole: &Scores) -> Option<(Kind, f32)> {
        let mut best = wishes(whole);
        for sentence in words.chunk_by(|a, b| a.sentence == b.sentence) {
            if sentence.len() < words.len() && sentence.len() >= PART_WORDS {
                let of = wishes(&self.scores(&self.vector(sentence)));
                best =
                    [0, 1].map(
                        |kind| if of[kind] >= SENTENCE_SURE { best[kind].max(of[kind]) } else { best[kind] },
                    );
            }
        }
        let [handoff, distress] = best;
        if distress >= DISTRESS_SURE {
            Some((Kind::Distress, distress))
        } else if handoff >= HANDOFF_SURE {
            Some((Kind::Handoff, handoff))
        } else {
            None
        }
    }
}

/// The probabilities that a person is wanted, and of despair.
fn wishes(scores: &Scores) -> [f32; 2] {
    let mut scores = scores.persons.clone();
    softmax(&mut scores);
    [1, 2].map(|class| scores.get(class).copied().unwrap_or_default())
}
