//! Two utterances in, how alike their questions are out: word by word, whatever the script or the spelling.

use super::Matcher;
use super::features::{Word, words};
use super::vocabulary::Vocabulary;
use super::weights::NEAR_ENOUGH;
use crate::text::key::{Key, similarity};
use crate::text::normalize::{normalize, question};

/// The longest utterance that is compared, in words; what stands behind is not looked at.
const WORDS: usize = 40;

/// An utterance prepared for comparing: its words, each with its share of what the utterance says.
#[derive(Clone, Debug, Default)]
pub struct Comparable {
    words: Box<[Telling]>,
}

/// A word and what it counts.
#[derive(Clone, Copy, Debug)]
struct Telling {
    word: Word,
    unit: u64,
    share: f32,
    /// The letters of its consonants, a bit each: most pairs of words are told apart by these alone.
    consonants: u32,
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
        let mut words: Vec<Telling> = telling
            .map(|word| Telling {
                word: *word,
                unit: word.unit(),
                share: vocabulary.idf(word),
                consonants: consonants(&word.keys.first()),
            })
            .collect();
        let total: f32 = words.iter().map(|telling| telling.share).sum();
        words.iter_mut().for_each(|telling| telling.share /= total);
        Self { words: words.into_boxed_slice() }
    }

    /// How alike the two are: 1 when they say the same, 0 when they have no word in common. Symmetric.
    ///
    /// Each word counts by how rare it is, and as much as it resembles the likest word of the other utterance.
    pub fn similarity(&self, other: &Self) -> f32 {
        let mut likest = [0.0_f32; WORDS];
        let mut sum = 0.0;
        for one in &self.words {
            let mut best = 0.0_f32;
            for (candidate, likest) in other.words.iter().zip(&mut likest) {
                let likeness = likeness(one, candidate);
                best = best.max(likeness);
                *likest = likest.max(likeness);
            }
            sum += one.share * best;
        }
        let back: f32 = other.words.iter().zip(likest).map(|(word, likest)| word.share * likest).sum();
        f32::midpoint(sum, back)
    }

    /// Whether it has no words.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// How much two words are one: 1 when they mean the same or sound the same, else by their likeliest sounds where they
/// are near enough for their length.
fn likeness(one: &Telling, other: &Telling) -> f32 {
    let (a, b) = (&one.word, &other.word);
    if one.unit == other.unit {
        return 1.0;
    }
    // Listed words are told apart by their meanings: "কোথায়" is no misspelled "কথা".
    if a.concept.is_some() && b.concept.is_some() {
        return 0.0;
    }
    if a.keys.as_slice().iter().any(|key| b.keys.as_slice().contains(key)) {
        return 1.0;
    }
    // One consonant for another, or one too many, is a slip; more is another word.
    if (one.consonants ^ other.consonants).count_ones() > 2 {
        return 0.0;
    }
    near(&a.keys.first(), &b.keys.first()).max(near(&a.stem, &b.stem))
}

fn consonants(key: &Key) -> u32 {
    let letters = key.skeleton();
    letters.as_bytes().iter().map(|letter| 1 << (letter & 31)).fold(0, |all, bit: u32| all | bit)
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
