//! Finds the entry that an utterance means: text in, a [`Ranking`] of entries with calibrated scores out.
//!
//! ```
//! let faq = uttor::library::source::Source::Builtin.load().unwrap();
//! let matcher = uttor::matcher::Matcher::learn(&faq);
//! let ranking = matcher.find("মোবাইল দিয়ে কি ফ্রিল্যান্সিং করা যায়?", None);
//! assert_eq!(ranking.candidates[0].entry.as_str(), "mobile");
//! ```

mod asking;
pub mod certainty;
pub mod decide;
pub mod examples;
pub mod explain;
pub mod features;
mod index;
mod learn;
mod nearest;
pub mod overlay;
mod person;
mod postings;
mod readings;
pub mod similarity;
mod spellings;
mod swap;
mod training;
mod vocabulary;
pub mod weights;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::faq::EntryId;
use crate::faq::fit::Calibration;
use crate::text::dictionary::is_real;
use crate::text::normalize::{normalize, question};
use crate::text::tokens::{Token, tokens};

use features::{Strange, Word};
use index::Dictionary;
use nearest::Nearest;
use postings::Postings;
use spellings::Spellings;
use vocabulary::Vocabulary;

/// An entry with its score, before any decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The entry.
    pub entry: EntryId,
    /// The probability that it is meant, 0..=1.
    pub score: f32,
}

/// How many questions of one message are answered at most.
pub const MAX_QUESTIONS: usize = 3;

/// How many candidates a ranking holds at most.
pub const CANDIDATES: usize = 5;

/// What was found for an utterance.
#[derive(Clone, Debug, Default)]
pub struct Ranking {
    /// At most [`CANDIDATES`], best first.
    pub candidates: Vec<Candidate>,
    /// The probability that something is asked, not stated, 0..=1.
    pub asks: f32,
    /// When several questions are asked: their entries as they stand in the message, two or three; else none.
    pub questions: Vec<Candidate>,
    /// What it is if no entry is meant, with its probability, 0..=1.
    pub kind: Option<(Kind, f32)>,
    /// What of the message `candidates` and `asks` are about.
    pub read: Read,
    /// What was found among entries that are known by few wordings; none where there are none.
    pub own: Option<Own>,
    /// What the message was read after, where it was.
    pub read_after: Option<String>,
    /// Whether no word says what is asked about: such a message means nothing by itself.
    pub is_bare: bool,
}

/// What was found among entries that are known by few wordings: a group's own ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Own {
    /// The probability that the first is meant, 0..=1.
    pub sure: f32,
    /// The probability that any is meant, 0..=1.
    pub scope: f32,
    /// The probability that something is asked, 0..=1, whatever it is about.
    pub asks: f32,
    /// Best first.
    pub entries: Vec<EntryId>,
    /// Whether they are a group's own, and not the content's.
    pub is_of_group: bool,
}

/// What of a message was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Read {
    /// All of it.
    #[default]
    Whole,
    /// One sentence.
    Sentence,
    /// All of it, with the conversation's subject before it.
    Followed,
}

/// What an utterance is when no entry is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Small talk of this kind.
    Smalltalk(EntryId),
    /// A topic that the guide does not cover.
    Topic(EntryId),
    /// A person is wanted.
    Handoff,
    /// Despair.
    Distress,
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

/// What was learned from the phrasings and the counter-examples. As it is written down it fits only the program that
/// wrote it.
#[derive(Serialize, Deserialize)]
pub struct Matcher {
    entries: Vec<EntryId>,
    kinds: Vec<Kind>,
    spellings: Spellings,
    vocabulary: Vocabulary,
    /// The learned utterances as sets of words.
    nearest: Nearest,
    /// The logarithm of how many wordings an entry has.
    wordings: f32,
    dictionary: Dictionary,
    /// The weights of the entries and of none of them, then of the kinds, then of what [`person`] tells.
    weights: Vec<Postings>,
    calibration: Calibration,
    /// What was learned word for word, by its words: the class, where only one has it.
    verbatim: FxHashMap<u64, Option<u16>>,
    /// What the guide is about, for the parts of a message that leave it out.
    subject: String,
    /// The words of it, as units.
    subject_units: FxHashSet<u64>,
    /// The entries that have too few wordings to learn weights from.
    known: overlay::Known,
}

impl Matcher {
    /// The entries that `utterance` may mean. `before` is the question that was answered just before: a message that
    /// does not say what it is about is read with it.
    pub fn find(&self, utterance: &str, before: Option<&str>) -> Ranking {
        let text = normalize(question(utterance));
        let words = self.words(&text);
        if words.is_empty() {
            return Ranking::default();
        }
        let mut ranking = self.rank(&text, &words, before);
        self.look_among_known(&mut ranking, &text, &words);
        ranking
    }

    /// Entries with few wordings are found by meaning; what the weights say of them says little.
    fn look_among_known(&self, ranking: &mut Ranking, text: &str, words: &[Word]) {
        if self.known.is_empty() {
            return;
        }
        ranking.candidates.retain(|candidate| !self.known.has(&candidate.entry));
        if self.is_refused(words) {
            return;
        }
        let found = self.known.find(&features::words(text), text.contains('?'), ranking.score());
        overlay::lay_over(ranking, &found, false);
    }

    /// The entry that the weights alone prefer, whether or not `utterance` was learned word for word: shows phrasings
    /// that say what another entry's say.
    pub fn by_weights(&self, utterance: &str) -> Option<&EntryId> {
        let words = features::words(&normalize(question(utterance)));
        let scores = self.scores(&self.vector(&words));
        let entries = scores.meanings.iter().zip(&self.entries);
        entries.max_by(|a, b| a.0.total_cmp(b.0)).map(|(_, entry)| entry)
    }

    /// The words of normalized text, corrected.
    fn words(&self, text: &str) -> Vec<Word> {
        let word =
            |token| self.spellings.get(token).unwrap_or_else(|| self.corrected(Word::new(token), token));
        tokens(text).into_iter().map(word).collect()
    }

    /// Takes unknown words for the known ones that they are near to.
    fn correct(&self, text: &str, words: &mut [Word]) {
        for (word, token) in words.iter_mut().zip(tokens(text)) {
            *word = self.spellings.get(token).unwrap_or_else(|| self.corrected(*word, token));
        }
    }

    /// An unknown word as the known one that it is near to. A real word is taken for its own forms only: "dancing" is
    /// no slip for "tension".
    fn corrected(&self, mut word: Word, token: Token<'_>) -> Word {
        let known =
            word.keys.as_slice().iter().any(|key| self.dictionary.contains(features::word_feature(key)));
        if !known
            && word.concept.is_none()
            && let Some(key) = word.keys.as_slice().iter().find_map(|key| self.vocabulary.nearest(key))
        {
            let corrected = word.spelled(key);
            if corrected.stem == word.stem || !is_real(token) {
                word = corrected;
            }
        }
        if word.concept.is_none() && !self.vocabulary.knows(&word) {
            word.strange = Some(if is_real(token) { Strange::Real } else { Strange::Odd });
        }
        word
    }
}
