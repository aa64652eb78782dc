//! An utterance's words in, its features out: what the weights are learned for.

use std::hash::Hasher;

use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize};

use crate::text::concept::{Concept, concept};
use crate::text::key::{Key, Readings, readings_of};
use crate::text::lexicon::{Class, class};
use crate::text::stem::{stem, stem_of_key};
use crate::text::tokens::{Token, tokens};

/// The kinds of feature; each kind is normalized apart, so that none drowns the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Family {
    /// A word, in each of its readings.
    Word,
    /// What a word means, else its stem.
    Unit,
    /// Two neighbouring units, or a unit at the edge of its sentence.
    Pair,
    /// Two units with one or two others between them, in any order.
    Skip,
    /// Two to four letters of a key, its edges among them.
    Gram,
    /// A word's consonants.
    Skeleton,
    /// Two neighbouring skeletons.
    SkeletonPair,
}

/// How many families there are.
pub const FAMILIES: usize = 7;

/// A feature: a hash of its content, its family in the last three bits. Two that collide count as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Feature(u64);

impl Feature {
    fn new(family: Family, parts: &[&[u8]]) -> Self {
        Self(hash(family, parts) & !0b111 | family as u64)
    }

    /// Its family, as an index below [`FAMILIES`].
    pub fn family(self) -> usize {
        (self.0 & 0b111) as usize
    }

    /// Its first `bits` bits.
    pub fn bucket(self, bits: u32) -> u64 {
        self.0.checked_shr(u64::BITS - bits).unwrap_or_default()
    }

    /// Whether one use is enough to be known: whole words are worth it, their parts and pairs are not.
    pub fn is_word(self) -> bool {
        matches!(self.family(), 0 | 1 | 5)
    }
}

/// A word with everything that is derived from it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Word {
    /// Its readings.
    pub keys: Readings,
    /// What it means, where it is a listed word.
    pub concept: Option<Concept>,
    /// Its class in the lexicon, where it is a listed word.
    pub class: Option<Class>,
    /// The stem of its likeliest reading.
    pub stem: Key,
    /// The sentence it stands in.
    pub sentence: usize,
    /// Whether nothing that was learned from contains it.
    pub strange: Option<Strange>,
    /// Whether it stands for any object, so that its letters say nothing.
    pub(super) is_made: bool,
    /// Its number among the spellings that were learned from, where it is one of them as it stands.
    pub(super) spelling: Option<u32>,
}

/// A word that nothing learned from contains stands for all such words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Strange {
    /// A word of the dictionary: another object than the content speaks of.
    Real,
    /// No word of the dictionary: a name, or a slip.
    Odd,
}

/// Stands for classes of the lexicon, downwards.
const CLASSES: u64 = u64::MAX - 1_000;

/// Stands for a strange word in units, pairs and skips.
const REAL: u64 = u64::MAX - 2;
const ODD: u64 = u64::MAX - 3;

impl Word {
    /// Of a token.
    pub fn new(token: Token<'_>) -> Self {
        let keys = readings_of(token);
        let concept = concept(token, keys.as_slice());
        let class = class(token, keys.as_slice());
        Self {
            keys,
            concept,
            class,
            stem: stem(token, &keys.first()),
            sentence: token.sentence,
            strange: None,
            is_made: false,
            spelling: None,
        }
    }

    /// The same word spelled as `key`.
    pub fn spelled(self, key: Key) -> Self {
        Self { keys: Readings::one(key), stem: stem_of_key(&key), spelling: None, ..self }
    }

    /// Whether it says nothing ("ভাই", "please").
    pub fn is_filler(&self) -> bool {
        self.concept.is_some_and(Concept::is_filler)
    }

    /// Any object in its place, whose letters say nothing.
    pub fn made_strange(self, kind: Strange) -> Self {
        Self { concept: None, class: None, strange: Some(kind), is_made: true, spelling: None, ..self }
    }

    /// What stands for the word and its like: its class, else its unit.
    fn wide_unit(&self) -> u64 {
        self.class.map_or_else(|| self.unit(), |class| CLASSES - class.number() as u64)
    }

    /// What stands for the word in pairs and in the vocabulary: its meaning, else its stem.
    pub fn unit(&self) -> u64 {
        match (self.concept, self.strange) {
            (Some(concept), _) => concept as u64 + 1,
            (None, Some(Strange::Real)) => REAL,
            (None, Some(Strange::Odd)) => ODD,
            (None, None) => hash(Family::Unit, &[self.stem.as_bytes()]),
        }
    }
}

/// Stands for all words that say something, in their order: equal for an utterance and its other spellings.
pub fn utterance_hash(words: &[Word]) -> u64 {
    let mut hasher = FxHasher::default();
    for word in words.iter().filter(|word| !word.is_filler()) {
        let (letters, length) = word_letters(&word.keys.first());
        hasher.write(letters.get(..length).unwrap_or_default());
    }
    hasher.finish()
}

/// The words of normalized text.
pub fn words(normalized: &str) -> Vec<Word> {
    tokens(normalized).into_iter().map(Word::new).collect()
}

fn hash(family: Family, parts: &[&[u8]]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u8(family as u8);
    for part in parts {
        hasher.write(part);
        hasher.write_u8(0xFF);
    }
    hasher.finish()
}

/// A word's key as a feature; c, x and s fall together, as people type them for one another (করছি: korchi, korsi).
fn word_letters(key: &Key) -> ([u8; Key::LETTERS + 2], usize) {
    let mut letters = [b' '; Key::LETTERS + 2];
    for (slot, letter) in letters.iter_mut().skip(1).zip(key.as_bytes()) {
        *slot = match letter {
            b'c' | b'x' => b's',
            other => *other,
        };
    }
    (letters, key.as_bytes().len() + 2)
}

/// The feature of a word spelled as `key`.
pub fn word_feature(key: &Key) -> Feature {
    let (letters, length) = word_letters(key);
    let letters = letters.get(..length).unwrap_or_default();
    Feature::new(Family::Word, &[letters])
}

/// Stands for the edge of a sentence in pairs.
const START: u64 = u64::MAX;
const END: u64 = u64::MAX - 1;

/// The words that say something; all of them where none does.
pub fn telling(words: &[Word]) -> impl Iterator<Item = &Word> {
    let only_fillers = words.iter().all(Word::is_filler);
    words.iter().filter(move |word| only_fillers || !word.is_filler())
}

/// Hands every feature of `words` to `push`; one that occurs twice is handed over twice.
pub fn extract(words: &[Word], mut push: impl FnMut(Feature)) {
    telling(words).for_each(|word| of_word(word, &mut push));
    of_neighbours(words, push);
}

/// The features that a word has wherever it stands.
pub fn of_word(word: &Word, mut push: impl FnMut(Feature)) {
    let unit = word.unit();
    if !word.is_made {
        for key in word.keys.as_slice() {
            let (letters, length) = word_letters(key);
            let letters = letters.get(..length).unwrap_or_default();
            push(Feature::new(Family::Word, &[letters]));
            for size in 2..=4 {
                letters.windows(size).for_each(|gram| push(Feature::new(Family::Gram, &[gram])));
            }
        }
        push(Feature::new(Family::Skeleton, &[word.keys.first().skeleton().as_bytes()]));
    }
    push(Feature::new(Family::Unit, &[&unit.to_le_bytes()]));
    // Beside the word, not instead of it.
    let wide = word.wide_unit();
    if wide != unit {
        push(Feature::new(Family::Unit, &[&wide.to_le_bytes()]));
    }
}

/// The features that words have by those beside them.
pub fn of_neighbours(words: &[Word], mut push: impl FnMut(Feature)) {
    let pair = |one: u64, other: u64| Feature::new(Family::Pair, &[&one.to_le_bytes(), &other.to_le_bytes()]);
    let mut before: Option<(&Word, u64, u64, Key)> = None;
    let mut earlier = [None, None, None];
    for word in telling(words) {
        let (unit, wide, skeleton) = (word.unit(), word.wide_unit(), word.keys.first().skeleton());
        match &before {
            Some((other, other_unit, other_wide, other_skeleton)) => {
                push(pair(*other_unit, unit));
                push(Feature::new(Family::SkeletonPair, &[other_skeleton.as_bytes(), skeleton.as_bytes()]));
                if other.sentence != word.sentence {
                    push(pair(*other_unit, END));
                    push(pair(START, unit));
                }
                if wide != unit || other_wide != other_unit {
                    push(pair(*other_wide, wide));
                }
            }
            None => push(pair(START, unit)),
        }
        for other in earlier.iter().skip(1).flatten() {
            let (low, high) = (unit.min(*other), unit.max(*other));
            push(Feature::new(Family::Skip, &[&low.to_le_bytes(), &high.to_le_bytes()]));
        }
        earlier = [Some(unit), earlier[0], earlier[1]];
        before = Some((word, unit, wide, skeleton));
    }
    if let Some((_, unit, ..)) = before {
        push(pair(unit, END));
    }
}
