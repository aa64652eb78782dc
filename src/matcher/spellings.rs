//! Words as they were written in what was learned from, each with everything that follows from its letters: most
//! words of a message are among them, and need not be read again.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::features::{FAMILIES, Word, of_neighbours, of_word, telling};
use super::index::{Dictionary, Gathered};
use crate::text::tokens::{Token, tokens};

/// A spelling that fewer utterances have is not kept: it is seldom met again.
const MIN_UTTERANCES: u32 = 2;

/// Spellings by their number.
#[derive(Default, Serialize, Deserialize)]
pub struct Spellings {
    numbers: FxHashMap<Box<str>, u32>,
    words: Vec<Word>,
    /// How many utterances have each; only known while learning.
    #[serde(skip)]
    utterances: Vec<u32>,
    /// The dimensions of the features that each has wherever it stands, one spelling behind the other.
    dimensions: Vec<u32>,
    ends: Vec<u32>,
    /// How many of its features are unknown, by family.
    unknown: Vec<[u8; FAMILIES]>,
}

/// A word of an utterance: the number of its spelling, and of its sentence.
#[derive(Clone, Copy)]
pub struct Spelled {
    number: u32,
    sentence: u32,
}

impl Spellings {
    /// Appends the words of normalized text to `utterance`.
    pub fn learn(&mut self, normalized: &str, utterance: &mut Vec<Spelled>) {
        let start = utterance.len();
        for token in tokens(normalized) {
            let number = match self.numbers.get(token.text) {
                Some(number) => *number,
                None => self.add(token),
            };
            if utterance.iter().skip(start).all(|other| other.number != number) {
                self.utterances[number as usize] += 1;
            }
            utterance.push(Spelled { number, sentence: token.sentence as u32 });
        }
    }

    fn add(&mut self, token: Token<'_>) -> u32 {
        let number = self.words.len() as u32;
        self.numbers.insert(token.text.into(), number);
        self.words.push(Word { sentence: 0, spelling: Some(number), ..Word::new(token) });
        self.utterances.push(0);
        number
    }

    /// The words of an utterance.
    pub fn words(&self, utterance: &[Spelled]) -> Vec<Word> {
        let word = |spelled: &Spelled| Word {
            sentence: spelled.sentence as usize,
            ..self.words[spelled.number as usize]
        };
        utterance.iter().map(word).collect()
    }

    /// Looks every spelling's features up.
    pub fn look_up(&mut self, dictionary: &Dictionary) {
        for word in &self.words {
            let mut own = Gathered::default();
            of_word(word, |feature| dictionary.gather(feature, &mut own));
            own.known.sort_unstable();
            own.known.dedup();
            self.dimensions.extend_from_slice(&own.known);
            self.ends.push(self.dimensions.len() as u32);
            self.unknown.push(own.unknown.map(|count| u8::try_from(count).unwrap_or(u8::MAX)));
        }
    }

    /// The same without the spellings that are not worth keeping.
    pub fn kept(self) -> Self {
        let mut kept = Self::default();
        let mut texts: Vec<(Box<str>, u32)> = self.numbers.into_iter().collect();
        texts.sort_unstable_by_key(|(_, number)| *number);
        for (text, number) in texts {
            let at = number as usize;
            if self.utterances[at] < MIN_UTTERANCES {
                continue;
            }
            let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
            let own = &self.dimensions[start as usize..self.ends[at] as usize];
            kept.dimensions.extend_from_slice(own);
            kept.ends.push(kept.dimensions.len() as u32);
            kept.unknown.push(self.unknown[at]);
            let number = kept.words.len() as u32;
            kept.words.push(Word { spelling: Some(number), ..self.words[at] });
            kept.numbers.insert(text, number);
        }
        kept
    }

    /// The word of a token that is written like one of these.
    pub fn get(&self, token: Token<'_>) -> Option<Word> {
        let number = self.numbers.get(token.text)?;
        Some(Word { sentence: token.sentence, ..self.words[*number as usize] })
    }

    /// Puts the features of `words` in place of what is in `gathered`.
    pub fn gather(&self, words: &[Word], dictionary: &Dictionary, gathered: &mut Gathered) {
        gathered.known.clear();
        gathered.unknown = Default::default();
        for word in telling(words) {
            if !self.gather_word(word, gathered) {
                of_word(word, |feature| dictionary.gather(feature, gathered));
            }
        }
        of_neighbours(words, |feature| dictionary.gather(feature, gathered));
    }

    /// Adds the features that the word has wherever it stands; says whether they are known here.
    fn gather_word(&self, word: &Word, gathered: &mut Gathered) -> bool {
        let Some(number) = word.spelling else { return false };
        let at = number as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        gathered.known.extend_from_slice(&self.dimensions[start as usize..self.ends[at] as usize]);
        for (count, own) in gathered.unknown.iter_mut().zip(self.unknown[at]) {
            *count += u32::from(own);
        }
        true
    }
}
