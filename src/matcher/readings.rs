//! One message, several readings: whole, sentence by sentence, and with the subject it leaves out. The best one
//! counts.

use super::asking::asking;
use super::certainty::Signs;
use super::features::{Word, utterance_hash, words};
use super::index::Gathered;
use super::learn::softmax;
use super::nearest::Near;
use super::postings::Scores;
use super::weights::{
    CONTEXT_HELPS, FOLLOW_UP_WORDS, KIND_SURE, NEAR_FROM, PART_WORDS, PIECE_WORDS, STRANGE, TWO_SURE,
    VERBATIM,
};
use super::{CANDIDATES, Candidate, Kind, MAX_QUESTIONS, Matcher, Ranking, Read};
use crate::text::asks::asks;
use crate::text::concept::Concept;
use crate::text::normalize::normalize;

/// What a run of words means.
#[derive(Default)]
pub(super) struct Reading {
    /// Classes with their scores, best first, at most [`CANDIDATES`].
    pub best: Vec<Scored>,
    /// Whether something is asked.
    pub asks: f32,
    /// The words' vector, for a second look.
    pub vector: Vec<(u32, f32)>,
    /// What else it may be.
    pub scores: Scores,
}

/// A class, and what made its score.
#[derive(Clone, Copy)]
pub(super) struct Scored {
    pub class: u16,
    pub signs: Signs,
    pub score: f32,
}

impl Reading {
    fn score(&self) -> f32 {
        self.best.first().map_or(0.0, |best| best.score)
    }
}

impl Matcher {
    /// The ranking of a message of at least one word.
    pub(super) fn rank(&self, text: &str, words: &[Word], before: Option<&str>) -> Ranking {
        self.weigh(text, words, before).0
    }

    /// The ranking of a message of at least one word, and the reading that counted.
    pub(super) fn weigh(&self, text: &str, words: &[Word], before: Option<&str>) -> (Ranking, Reading) {
        let parts = parts(text, words);
        let whole = self.read(words, text.contains('?'));
        let kind = self.person(words, &whole.scores).or_else(|| self.kind(&whole));
        let read: Vec<Reading> = parts.iter().map(|part| self.read(part.words, part.mark)).collect();
        let questions = self.several_questions(&parts, &read, text);
        let (mut best, mut of) = (whole, Read::Whole);
        let mut read_after = None;
        for reading in
            read.into_iter().zip(&parts).filter(|(_, part)| part.sentence).map(|(reading, _)| reading)
        {
            if reading.score() > best.score() {
                (best, of) = (reading, Read::Sentence);
            }
        }
        let talk = matches!(&kind, Some((Kind::Smalltalk(_), sure)) if *sure >= KIND_SURE);
        if let Some(before) = before.filter(|_| !talk) {
            // The guide's subject first: "কোথায় শিখব?" after an answer about mobiles asks about neither more nor less.
            for (context, helps) in [(self.subject.as_str(), 1.0), (before, CONTEXT_HELPS)] {
                if let Some(followed) = self.followed(context, words, text)
                    && followed.score() > best.score()
                    && best.score() < helps
                {
                    (best, of) = (followed, Read::Followed);
                    read_after = Some(context.to_owned());
                }
            }
        }
        let ranking = Ranking {
            candidates: best.best.iter().filter_map(|scored| self.candidate(scored)).collect(),
            asks: best.asks,
            questions,
            kind,
            read: of,
            own: None,
            read_after,
            is_bare: is_bare(words) && best.best.first().is_none_or(|best| best.score < VERBATIM),
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
        let mut scores = self.scores(&vector);
        // A mark at the end, or none, changes no score.
        let (asks, stated) = asking(words, mark);
        softmax(&mut scores.meanings);
        // The last class is none of the entries.
        let none = scores.meanings.pop().unwrap_or_default();
        let mut best = top(&scores.meanings);
        let length = (words.iter().filter(|word| !word.is_filler()).count() as f32 + 1.0).ln();
        let unexplained = self.vocabulary.unexplained(words, best.iter().map(|scored| scored.class));
        let likeliest = |at: usize| best.get(at).map_or(0.0, |scored| scored.signs.probability);
        let (first, second) = (likeliest(0), likeliest(1));
        let near = if first >= NEAR_FROM { self.nearest.by_class(words) } else { Vec::new() };
        for ((place, scored), unexplained) in best.iter_mut().enumerate().zip(unexplained) {
            scored.signs = Signs {
                second: if place == 0 { second } else { first },
                none,
                unexplained,
                length,
                asks: stated,
                near: Near::of(&near, scored.class.into()),
                wordings: self.wordings,
                entries: (self.entries.len() as f32).ln(),
                ..scored.signs
            };
            scored.score = self.calibration.score(scored.signs.certainty());
        }
        self.verbatim(words, &mut best);
        best.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.class.cmp(&b.class)));
        Reading { best, asks, vector, scores }
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

    /// Whether these words are a counter-example, word for word.
    pub(super) fn is_refused(&self, words: &[Word]) -> bool {
        let meant = self.verbatim.get(&utterance_hash(words)).copied().flatten();
        meant.is_some_and(|class| usize::from(class) == self.entries.len())
    }

    /// The features of `words`, by idf.
    pub(super) fn vector(&self, words: &[Word]) -> Vec<(u32, f32)> {
        let mut gathered = Gathered { known: Vec::with_capacity(words.len() * 40), ..Gathered::default() };
        self.spellings.gather(words, &self.dictionary, &mut gathered);
        self.dictionary.vector(gathered)
    }

    /// What the weights say.
    pub(super) fn scores(&self, vector: &[(u32, f32)]) -> Scores {
        let mut meanings = Vec::new();
        self.weights.iter().for_each(|postings| postings.score(vector, &mut meanings));
        let kinds = meanings.split_off(self.entries.len() + 1);
        let (kinds, persons) = kinds.split_at(self.kinds.len());
        Scores { kinds: kinds.to_vec(), persons: persons.to_vec(), meanings }
    }

    /// What it is if it is none of the entries.
    fn kind(&self, reading: &Reading) -> Option<(Kind, f32)> {
        let mut scores = reading.scores.kinds.clone();
        softmax(&mut scores);
        let (at, probability) = scores.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
        Some((self.kinds.get(at)?.clone(), *probability))
    }

    /// Parts that surely ask different things, at least two and at most [`MAX_QUESTIONS`]; else none.
    fn several_questions(&self, parts: &[Part<'_>], read: &[Reading], text: &str) -> Vec<Candidate> {
        if parts.len() < 2 {
            return Vec::new();
        }
        let followed: Vec<Option<Reading>> =
            parts.iter().map(|part| self.followed(&self.subject, part.words, text)).collect();
        let sure = read
            .iter()
            .zip(&followed)
            .map(|(reading, followed)| match followed {
                Some(followed) if followed.score() > reading.score() => followed,
                _ => reading,
            })
            .filter(|reading| reading.score() >= TWO_SURE);
        let mut questions: Vec<Candidate> = Vec::new();
        for candidate in sure.filter_map(|reading| self.candidate(reading.best.first()?)) {
            if !questions.iter().any(|other| other.entry == candidate.entry)
                && questions.len() < MAX_QUESTIONS
            {
                questions.push(candidate);
            }
        }
        if questions.len() < 2 { Vec::new() } else { questions }
    }

    /// A short message that does not say what it is about, read with what was asked before it.
    fn followed(&self, before: &str, said: &[Word], text: &str) -> Option<Reading> {
        let context = context(before);
        let names_it = |word: &Word| self.subject_units.contains(&word.unit());
        if said.len() > FOLLOW_UP_WORDS || said.iter().any(names_it) {
            return None;
        }
        let mut all = context;
        all.extend(said.iter().filter(|word| word.concept != Some(Concept::And)).copied());
        let reading = self.read(&all, text.contains('?'));
        // What brings a subject of its own ("পাসপোর্ট করতে কত লাগে") does not follow.
        let unexplained = reading.best.first()?.signs.unexplained;
        (unexplained.unknown + unexplained.foreign <= STRANGE).then_some(reading)
    }
}

/// What a question is about: its words without those that ask, and without what they ask for.
pub(super) fn context(question: &str) -> Vec<Word> {
    let mut words = words(&normalize(question));
    let asked_for = [Concept::Money, Concept::Cost, Concept::Need, Concept::Can, Concept::Tell];
    words.retain(|word| !word.concept.is_some_and(|concept| concept.asks() || asked_for.contains(&concept)));
    words
}

/// Whether no word says what is asked about or asked for: "তারপর?", "মানে?", "ar ki?".
fn is_bare(words: &[Word]) -> bool {
    words.iter().all(|word| {
        word.is_filler()
            || matches!(
                word.concept,
                Some(Concept::And | Concept::What | Concept::Why | Concept::Which | Concept::How)
            )
            || word.concept.is_none() && word.class.is_some_and(|class| class.name().starts_with("gram."))
    })
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
        if best.len() == CANDIDATES && best.last().is_some_and(|last| *probability <= last.signs.probability)
        {
            continue;
        }
        let at = best.partition_point(|other| other.signs.probability >= *probability);
        let signs = Signs { probability: *probability, ..Signs::default() };
        let scored = Scored { class: class as u16, signs, score: 0.0 };
        best.insert(at, scored);
        best.truncate(CANDIDATES);
    }
    best
}
