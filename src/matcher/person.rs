//! Whether a person is wanted, or the writer is in despair: told from everything else that people write, with a model
//! of its own, because the one of small talk and topics has never seen a question that the guide answers.

use super::features::Word;
use super::index::Postings;
use super::learn::{Dense, Samples, softmax};
use super::weights::{
    DISTRESS_SURE, HANDOFF_SURE, NEGLIGIBLE_KIND, PART_WORDS, PERSON_IMPORTANCE, SENTENCE_SURE,
};
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

/// The weights of everything else, of [`Kind::Handoff`], of [`Kind::Distress`] and of the counter-examples, which would
/// be lost among everything else; `first` is the first of the
/// classes of [`examples`].
pub(super) fn learn(samples: &Samples, dimensions: usize, first: usize) -> Postings {
    let class_of = |class: u32| match (class as usize).checked_sub(first) {
        Some(kind @ 0..=1) => kind + 1,
        Some(2..=3) => 3,
        _ => 0,
    };
    let importance = |class| if class == 0 { 1.0 } else { PERSON_IMPORTANCE };
    let model = Dense::learn(samples, dimensions, 4, |class| Some(class_of(class)), importance);
    Postings::of_dense(&model, dimensions, NEGLIGIBLE_KIND)
}

impl Matcher {
    /// Whether the message, whose vector is `whole`, or one of its sentences surely says that a person is wanted or
    /// that the writer is in despair; despair goes first.
    pub(super) fn person(&self, words: &[Word], whole: &[(u32, f32)]) -> Option<(Kind, f32)> {
        let mut best = self.wishes(whole);
        for sentence in words.chunk_by(|a, b| a.sentence == b.sentence) {
            if sentence.len() < words.len() && sentence.len() >= PART_WORDS {
                let of = self.wishes(&self.vector(sentence));
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

    /// The probabilities that a person is wanted, and of despair.
    fn wishes(&self, vector: &[(u32, f32)]) -> [f32; 2] {
        let mut scores = self.persons.scores(vector);
        softmax(&mut scores);
        [scores[1], scores[2]]
    }
}
