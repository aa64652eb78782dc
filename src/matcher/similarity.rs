//! Two utterances in, how alike their questions are out: word by word, whatever the script or the spelling.

use super::Matcher;
use super::features::{Word, skeleton_unit, words};
use super::vocabulary::Vocabulary;
use super::weights::NEAR_ENOUGH;
use crate::text::key::{Key, similarity};
use crate::text::normalize::{normalize, question};

/// The longest utterance that is compared, in words; what stands behind is not looked at.
const WORDS: usize = 40;

/// An utterance prepared for comparing: its words, each with its share of what the utterance says.
#[derive(Clone, Debug, Default)]
pub struct Comparable {
    words: Vec<(Word, f32)>,
}

impl Matcher {
    /// Prepares `utterance` for [`Comparable::similarity`]. What was prepared by matchers that learned different
    /// content may be compared too: only the shares come from the content.
    pub fn comparable(&self, utterance: &str) -> Comparable {
        Comparable::of(&words(&normalize(question(utterance))), &self.vocabulary)
    }
}

impl Comparable {
    pub(super) fn of(words: &[Word], vocabulary: &Vocabulary) -> Self {
        let only_fillers = words.iter().all(Word::is_filler);
        let telling = words.iter().filter(|word| only_fillers || !word.is_filler()).take(WORDS);
        let words: Vec<(Word, f32)> = telling.map(|word| (*word, vocabulary.idf(word))).collect();
        let total: f32 = words.iter().map(|(_, idf)| idf).sum();
        Self { words: words.into_iter().map(|(word, idf)| (word, idf / total)).collect() }
    }

    /// How alike the two are: 1 when they say the same, 0 when they have no word in common. Symmetric.
    ///
    /// Each word counts by how rare it is, and as much as it resembles the likest word of the other utterance.
    pub fn similarity(&self, other: &Self) -> f32 {
        let share = |one: &Self, other: &Self| -> f32 {
            let alike = |word: &Word| {
                other.words.iter().map(|(candidate, _)| likeness(word, candidate)).fold(0.0, f32::max)
            };
            one.words.iter().map(|(word, share)| share * alike(word)).sum()
        };
        f32::midpoint(share(self, other), share(other, self))
    }

    /// Whether it has no words.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// What words are found by: their units and their consonants.
    pub(super) fn handles(&self) -> impl Iterator<Item = u64> {
        self.words.iter().flat_map(|(word, _)| handles_of(word))
    }

    /// Its size in memory, in bytes.
    pub(super) fn size(&self) -> usize {
        self.words.capacity() * size_of::<(Word, f32)>()
    }
}

/// Words that share none of these are not taken for one another.
pub(super) fn handles_of(word: &Word) -> impl Iterator<Item = u64> + use<> {
    let skeletons = word.keys;
    let skeletons =
        (0..skeletons.as_slice().len()).filter_map(move |at| skeletons.as_slice().get(at).map(skeleton_unit));
    std::iter::once(word.unit()).chain(skeletons)
}

/// How much two words are one: 1 when they mean the same or sound the same, else by their sounds where they are
/// near enough for their length.
fn likeness(one: &Word, other: &Word) -> f32 {
    if one.unit() == other.unit() {
        return 1.0;
    }
    // Listed words are told apart by their meanings: "কোথায়" is no misspelled "কথা".
    if one.concept.is_some() && other.concept.is_some() {
        return 0.0;
    }
    let pairs = one.keys.as_slice().iter().flat_map(|a| other.keys.as_slice().iter().map(move |b| (a, b)));
    pairs.map(|(a, b)| near(a, b)).fold(near(&one.stem, &other.stem), f32::max)
}

fn near(one: &Key, other: &Key) -> f32 {
    if one == other {
        return 1.0;
    }
    let weight = one.weight().min(other.weight());
    let Some((_, enough)) = NEAR_ENOUGH.iter().find(|(from, _)| weight >= *from) else { return 0.0 };
    if one.as_bytes().len().abs_diff(other.as_bytes().len()) > 3 {
        return 0.0;
    }
    let near = similarity(one, other);
    if near >= *enough { near } else { 0.0 }
}
