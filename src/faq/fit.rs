//! What `uttor eval --fit` fits to measured questions, and `fit.toml` holds.

use serde::{Deserialize, Serialize};

use crate::message::Place;

/// Everything that is fitted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// Makes scores probabilities.
    pub calibration: Calibration,
    /// How sure the matcher must be.
    pub thresholds: Thresholds,
}

/// Turns a class's probability and the words it leaves unexplained into a score that can be read as a probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The score's logit where all else is 0.
    pub bias: f32,
    /// Times the logit of the class's probability.
    pub logit: f32,
    /// Times the share of the words that nothing known contains, by idf.
    pub unknown: f32,
    /// Times the share of the words that no phrasing of the entry contains though others do, by idf.
    pub foreign: f32,
    /// Times the logarithm of one more than the number of words.
    pub length: f32,
    /// Times the logit of asking, where it is below 0: where something is stated rather than asked.
    pub stated: f32,
}

/// How sure the matcher must be, for each place. Scores are probabilities, 0..=1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    /// In a private chat.
    pub private: Threshold,
    /// In a group, addressed.
    pub addressed: Threshold,
    /// In a group, not addressed; its `suggest` is never used.
    pub overheard: Threshold,
}

impl Thresholds {
    /// Those of one place.
    pub fn of(&self, place: Place) -> Threshold {
        match place {
            Place::Private => self.private,
            Place::Addressed | Place::Replied => self.addressed,
            Place::Overheard => self.overheard,
        }
    }
}

/// The two lines that a score may cross.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    /// From here on the best entry is answered.
    pub accept: f32,
    /// From here on entries are offered.
    pub suggest: f32,
}

impl Calibration {
    /// How many numbers it weighs.
    pub const EVIDENCE: usize = 6;

    /// What it weighs: of a class with this probability; `unknown` and `foreign` are shares, `length` a logarithm,
    /// `asks` is the probability that something is asked.
    pub fn evidence(
        probability: f32,
        unknown: f32,
        foreign: f32,
        length: f32,
        asks: f32,
    ) -> [f32; Self::EVIDENCE] {
        let logit = |probability: f32| (probability / (1.0 - probability)).ln();
        let stated = logit(asks.clamp(0.01, 0.99)).min(0.0);
        [1.0, logit(probability.clamp(1e-6, 1.0 - 1e-6)), unknown, foreign, length, stated]
    }

    /// The score of a class with this evidence.
    pub fn score(&self, evidence: &[f32; Self::EVIDENCE]) -> f32 {
        let weights = [self.bias, self.logit, self.unknown, self.foreign, self.length, self.stated];
        let logit: f32 = weights.iter().zip(evidence).map(|(weight, value)| weight * value).sum();
        1.0 / (1.0 + (-logit).exp())
    }
}
