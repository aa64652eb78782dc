//! One message, several readings: whole, sentence by sentence, and with the subject it leaves out. The best one
//! counts.

use super::features::{Word, extract, utterance_hash, words};
use super::learn::softmax;
use super::vocabulary::Unexplained;
use super::weights::{
    FOLLOW_UP_WORDS, KIND_SURE, NO_SIGN, PART_WORDS, PIECE_WORDS, QUESTION_MARK, STRANGE, TWO_SURE, VERBATIM,
};
use super::{CANDIDATES, Candidate, Kind, Matcher, Ranking, Read};
use crate::text::asks::asks;
use crate::text::concept::Concept;

/// What a run of words means.
#[derive(Default)]
pub(super) struct Reading {
    /// Classes with their scores, best first, at most [`CANDIDATES`].
    pub best: Vec<Scored>,
    /// Whether something is asked.
    pub asks: f32,
    /// The logarithm of one more than the number of words that say something.
    pub length: f32,
    /// The words' vector, for a second look.
    pub vector: Vec<(u32, f32)>,
}

/// A class, and what made its score.
#[derive(Clone, Copy)]
pub(super) struct Scored {
    pub class: u16,
    pub probability: f32,
    pub unexplained: Unexplained,
    pub score: f32,
}

impl Reading {
    fn score(&self) -> f32 {
        self.best.first().map_or(0.0, |best| best.score)
    }

    fn class(&self) -> Option<u16> {
        self.best.first().map(|best| best.class)
    }
}

impl Matcher {
    /// The ranking of a message of at least one word.
    pub(super) fn rank(&self, text: &str, words: &[Word], subject: Option<&str>) -> Ranking {
        self.weigh(text, words, subject).0
    }

    /// The ranking of a message of at least one word, and the reading that counted.
    pub(super) fn weigh(&self, text: &str, words: &[Word], subject: Option<&str>) -> (Ranking, Reading) {
        let parts = parts(text, words);
        let whole = self.read(words, text.contains('?'));
        let kind = self.person(words, &whole.vector).or_else(|| self.kind(&whole));
        let read: Vec<Reading> = parts.iter().map(|part| self.read(part.words, part.mark)).collect();
        let questions = self.two_questions(&parts, &read, text);
        let (mut best, mut of) = (whole, Read::Whole);
        for reading in
            read.into_iter().zip(&parts).filter(|(_, part)| part.sentence).map(|(reading, _)| reading)
        {
            if reading.score() > best.score() {
                (best, of) = (reading, Read::Sentence);
            }
        }
        let talk = matches!(&kind, Some((Kind::Smalltalk(_), sure)) if *sure >= KIND_SURE);
        if !talk
            && let Some(followed) = subject.and_then(|subject| self.followed(subject, words, text))
            && followed.score() > best.score()
        {
            (best, of) = (followed, Read::Followed);
        }
        let ranking = Ranking {
            candidates: best.best.iter().filter_map(|scored| self.candidate(scored)).collect(),
            asks: best.asks,
            questions,
            kind,
            read: of,
            own: None,
        };
        (ranking, best)
    }

    fn candidate(&self, scored: &Scored) -> Option<Candidate> {
        let entry = self.entries.get(usize::from(scored.class))?.clone();
        Some(Candidate { entry, score: scored.score })
    }

    /// Reads `words` as one utterance.
    pub(super) fn read(&self, words: &[Word], mark: bool) -> Reading {
        let vector = self.vector(words);
        let mut scores = self.meanings.scores(&vector);
        let signs = asks(mark, words.iter().filter_map(|word| word.concept));
        let marked = if mark { QUESTION_MARK } else { 0.0 };
        let asks = 1.0 / (1.0 + (-scores.pop().unwrap_or(0.0) - marked).exp());
        let asks = if std::env::var("BAKED").is_ok() { super::asking::asking(words, mark) } else if signs { asks } else { asks * NO_SIGN };
        softmax(&mut scores);
        // The last class is none of the entries.
        scores.pop();
        let mut best = top(&scores);
        let length = (words.iter().filter(|word| !word.is_filler()).count() as f32 + 1.0).ln();
        for scored in &mut best {
            scored.unexplained = self.vocabulary.unexplained(words, scored.class);
            scored.score = self.score(scored, length);
        }
        self.verbatim(words, &mut best);
        best.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.class.cmp(&b.class)));
        Reading { best, asks, length, vector }
    }

    /// What was learned word for word is meant, whatever the weights say; a counter-example is not.
    fn verbatim(&self, words: &[Word], best: &mut [Scored]) {
        let Some(Some(class)) = self.verbatim.get(&utterance_hash(words)) else { return };
        for scored in best {
            scored.score = if scored.class == *class {
                scored.score.max(VERBATIM)
            } else {
                scored.score.min(1.0 - VERBATIM)
            };
        }
    }

    /// The features of `words`, by idf.
    pub(super) fn vector(&self, words: &[Word]) -> Vec<(u32, f32)> {
        let mut features = Vec::with_capacity(words.len() * 32);
        extract(words, &mut features);
        self.dictionary.vector(&features)
    }

    fn score(&self, scored: &Scored, length: f32) -> f32 {
        let Unexplained { unknown, foreign } = scored.unexplained;
        self.calibration.score(scored.probability, unknown, foreign, length)
    }

    /// What it is if it is none of the entries.
    fn kind(&self, reading: &Reading) -> Option<(Kind, f32)> {
        let mut scores = self.others.scores(&reading.vector);
        if scores.is_empty() {
            return None;
        }
        softmax(&mut scores);
        let (at, probability) = scores.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
        Some((self.kinds.get(at)?.clone(), *probability))
    }

    /// Two parts that surely ask two different things.
    fn two_questions(&self, parts: &[Part<'_>], read: &[Reading], text: &str) -> Option<[Candidate; 2]> {
        if parts.len() < 2 {
            return None;
        }
        let followed: Vec<Option<Reading>> =
            parts.iter().map(|part| self.followed(&self.subject, part.words, text)).collect();
        let mut sure = read
            .iter()
            .zip(&followed)
            .map(|(reading, followed)| match followed {
                Some(followed) if followed.score() > reading.score() => followed,
                _ => reading,
            })
            .filter(|reading| reading.score() >= TWO_SURE);
        let first = sure.next()?;
        let second = sure.find(|reading| reading.class() != first.class())?;
        Some([self.candidate(first.best.first()?)?, self.candidate(second.best.first()?)?])
    }

    /// A short message that does not say what it is about, read with the conversation's subject.
    fn followed(&self, subject: &str, said: &[Word], text: &str) -> Option<Reading> {
        let named = said.iter().any(|word| word.concept == Some(Concept::Freelancing));
        if named || said.len() > FOLLOW_UP_WORDS {
            return None;
        }
        let mut all = words(&crate::text::normalize::normalize(subject));
        all.extend(said.iter().filter(|word| word.concept != Some(Concept::And)).copied());
        let reading = self.read(&all, text.contains('?'));
        // What brings a subject of its own ("পাসপোর্ট করতে কত লাগে") does not follow.
        let unexplained = reading.best.first()?.unexplained;
        (unexplained.unknown + unexplained.foreign <= STRANGE).then_some(reading)
    }
}

/// A run of words that may be a question of its own.
struct Part<'a> {
    words: &'a [Word],
    mark: bool,
    /// A whole sentence, not a piece between joiners.
    sentence: bool,
}

/// The sentences that ask something, and the pieces of a sentence between "আর", "এবং", "and".
fn parts<'a>(text: &str, words: &'a [Word]) -> Vec<Part<'a>> {
    let marks: Vec<bool> = text.chars().filter(|c| matches!(c, '.' | '?')).map(|c| c == '?').collect();
    let mark = |word: &Word| marks.get(word.sentence).copied().unwrap_or(false);
    let mut parts = Vec::new();
    for sentence in words.chunk_by(|a, b| a.sentence == b.sentence) {
        let mark = sentence.first().is_some_and(mark);
        let asks = |mark, words: &[Word]| asks(mark, words.iter().filter_map(|word| word.concept));
        if sentence.len() < words.len() && sentence.len() >= PART_WORDS && asks(mark, sentence) {
            parts.push(Part { words: sentence, mark, sentence: true });
        }
        let pieces: Vec<&[Word]> = sentence.split(|word| word.concept == Some(Concept::And)).collect();
        if pieces.len() > 1 {
            let telling = pieces.into_iter().filter(|piece| piece.len() >= PIECE_WORDS && asks(false, piece));
            parts.extend(telling.map(|words| Part { words, mark, sentence: false }));
        }
    }
    parts
}

/// The best classes by probability.
fn top(probabilities: &[f32]) -> Vec<Scored> {
    let mut best: Vec<Scored> = Vec::with_capacity(CANDIDATES + 1);
    for (class, probability) in probabilities.iter().enumerate() {
        if best.len() == CANDIDATES && best.last().is_some_and(|last| *probability <= last.probability) {
            continue;
        }
        let at = best.partition_point(|other| other.probability >= *probability);
        let scored = Scored {
            class: class as u16,
            probability: *probability,
            unexplained: Unexplained::default(),
            score: 0.0,
        };
        best.insert(at, scored);
        best.truncate(CANDIDATES);
    }
    best
}
