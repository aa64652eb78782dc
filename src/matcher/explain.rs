//! Why a message was understood as it was: slower than finding, and says everything that went into it.

use std::fmt;

use serde::Serialize;

use super::decide::fit;
use super::features::{Word, words};
use super::readings::Reading;
use super::{Kind, Matcher, Ranking, Read};
use crate::faq::Faq;
use crate::message::Place;
use crate::text::normalize::{normalize, question};

/// Everything that went into a ranking.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The text as it was compared.
    pub normalized: String,
    /// Its words.
    pub words: Vec<ExplainedWord>,
    /// What of the message `candidates`, `phrasing` and `asks` are about.
    pub read: Read,
    /// Best first.
    pub candidates: Vec<ExplainedCandidate>,
    /// The phrasing of the best candidate that is nearest to the message, where there is one.
    pub phrasing: Option<String>,
    /// When two questions are asked: their entries with their scores.
    pub questions: Vec<(String, f32)>,
    /// The probability that something is asked.
    pub asks: f32,
    /// Small talk or topic, with its probability.
    pub kind: Option<(String, f32)>,
    /// From which score on an answer is given and entries are offered, by place.
    pub thresholds: Vec<ExplainedThreshold>,
}

/// A word as it was read.
#[derive(Clone, Debug, Serialize)]
pub struct ExplainedWord {
    /// Its phonetic keys; of a misspelled word, that of the word it was taken for.
    pub keys: Vec<String>,
    /// Its stem.
    pub stem: String,
    /// What it means, where it is a listed word.
    pub concept: Option<String>,
    /// Whether it was taken for another, known word.
    pub mended: bool,
}

/// A candidate with the parts of its score.
#[derive(Clone, Debug, Serialize)]
pub struct ExplainedCandidate {
    /// The entry.
    pub entry: String,
    /// Among all entries and none of them, by the learned weights.
    pub probability: f32,
    /// The share of the words, by idf, that nothing known contains.
    pub unknown: f32,
    /// The share of the words, by idf, that this entry's phrasings do not contain though others do.
    pub foreign: f32,
    /// The logarithm of one more than the number of words that say something.
    pub length: f32,
    /// How near its nearest wording is: the share of words in common, by idf.
    pub near: f32,
    /// How near the nearest wording of another entry is.
    pub near_other: f32,
    /// How near the nearest counter-example is, small talk and topics among them.
    pub near_none: f32,
    /// What the calibration makes of these.
    pub score: f32,
}

/// The thresholds of a place.
#[derive(Clone, Debug, Serialize)]
pub struct ExplainedThreshold {
    /// The place.
    pub place: &'static str,
    /// From here on the best entry is answered.
    pub accept: f32,
    /// From here on entries are offered.
    pub suggest: f32,
}

impl Matcher {
    /// Why [`Matcher::find`] makes of `utterance` what it makes. `faq` is the content that was learned from.
    pub fn explain(&self, faq: &Faq, utterance: &str, before: Option<&str>) -> Explanation {
        let normalized = normalize(question(utterance));
        let raw = words(&normalized);
        let mut mended = raw.clone();
        self.correct(&normalized, &mut mended);
        let (ranking, reading) = if mended.is_empty() {
            (Ranking::default(), Reading::default())
        } else {
            self.weigh(&normalized, &mended, before)
        };
        let candidates = self.evidence(&reading);
        let phrasing =
            candidates.first().and_then(|best| self.nearest_phrasing(faq, &best.entry, &reading.vector));
        let questions = ranking.questions.iter();
        let thresholds = fit(faq).thresholds;
        Explanation {
            words: raw.iter().zip(&mended).map(|(raw, mended)| ExplainedWord::of(raw, mended)).collect(),
            read: ranking.read,
            candidates,
            phrasing,
            questions: questions.map(|asked| (asked.entry.to_string(), asked.score)).collect(),
            asks: ranking.asks,
            kind: ranking.kind.map(|(kind, probability)| match kind {
                Kind::Smalltalk(id) | Kind::Topic(id) => (id.to_string(), probability),
                Kind::Handoff => ("handoff".to_owned(), probability),
                Kind::Distress => ("distress".to_owned(), probability),
            }),
            thresholds: Place::ALL
                .map(|place| {
                    let threshold = thresholds.of(place);
                    ExplainedThreshold {
                        place: place.name(),
                        accept: threshold.accept,
                        suggest: threshold.suggest,
                    }
                })
                .to_vec(),
            normalized,
        }
    }

    fn evidence(&self, reading: &Reading) -> Vec<ExplainedCandidate> {
        let explained = reading.best.iter().filter_map(|scored| {
            Some(ExplainedCandidate {
                entry: self.entries.get(usize::from(scored.class))?.to_string(),
                probability: scored.signs.probability,
                unknown: scored.signs.unexplained.unknown,
                foreign: scored.signs.unexplained.foreign,
                length: scored.signs.length,
                near: scored.signs.near.own,
                near_other: scored.signs.near.other,
                near_none: scored.signs.near.none,
                score: scored.score,
            })
        });
        explained.collect()
    }

    /// By the share of features in common.
    fn nearest_phrasing(&self, faq: &Faq, entry: &str, said: &[(u32, f32)]) -> Option<String> {
        let entry = faq.entries.iter().find(|other| other.id.as_str() == entry)?;
        let similarity = |phrasing: &String| {
            let other = self.vector(&words(&normalize(phrasing)));
            let common: f32 = said
                .iter()
                .filter_map(|(dimension, value)| {
                    let at = other.binary_search_by_key(dimension, |(dimension, _)| *dimension).ok()?;
                    Some(value * other.get(at)?.1)
                })
                .sum();
            common
        };
        let scored =
            std::iter::once(&entry.question).chain(&entry.phrasings).map(|text| (similarity(text), text));
        let (common, nearest) = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
        (common > 0.0).then(|| nearest.clone())
    }
}

impl ExplainedWord {
    fn of(raw: &Word, mended: &Word) -> Self {
        Self {
            keys: mended.keys.as_slice().iter().map(ToString::to_string).collect(),
            stem: mended.stem.to_string(),
            concept: mended.concept.map(|concept| format!("{concept:?}")),
            mended: raw.keys != mended.keys,
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "normalized  {}", self.normalized)?;
        for word in &self.words {
            let concept = word.concept.as_deref().map(|concept| format!(" = {concept}")).unwrap_or_default();
            let mended = if word.mended { " (mended)" } else { "" };
            writeln!(f, "word        {} → {}{concept}{mended}", word.keys.join(" or "), word.stem)?;
        }
        let read = match self.read {
            Read::Whole => "the whole message",
            Read::Sentence => "one sentence of it",
            Read::Followed => "after the conversation's subject",
        };
        writeln!(f, "read        {read}")?;
        for candidate in &self.candidates {
            writeln!(
                f,
                "candidate   {:.3} {} (probability {:.3}, words unknown {:.2}, foreign {:.2}, length {:.2}, \
                 nearest wording {:.2}, other entry {:.2}, counter-example {:.2})",
                candidate.score,
                candidate.entry,
                candidate.probability,
                candidate.unknown,
                candidate.foreign,
                candidate.length,
                candidate.near,
                candidate.near_other,
                candidate.near_none
            )?;
        }
        if let Some(phrasing) = &self.phrasing {
            writeln!(f, "nearest     {phrasing}")?;
        }
        for (entry, score) in &self.questions {
            writeln!(f, "question    {score:.3} {entry}")?;
        }
        writeln!(f, "asks        {:.2}", self.asks)?;
        if let Some((kind, probability)) = &self.kind {
            writeln!(f, "else        {kind} {probability:.2}")?;
        }
        for threshold in &self.thresholds {
            let suggest = match threshold.place {
                "group" => String::new(),
                _ => format!(", suggest from {:.2}", threshold.suggest),
            };
            writeln!(f, "threshold   {}: answer from {:.2}{suggest}", threshold.place, threshold.accept)?;
        }
        Ok(())
    }
}
