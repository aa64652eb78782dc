//! What `uttor eval --fit` fits to measured questions, and `fit.toml` holds.

use crate::message::Place;

/// Everything that is fitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// Makes scores probabilities.
    pub calibration: Calibration,
    /// How sure the matcher must be.
    pub thresholds: Thresholds,
}

/// Turns a class's probability and the words it leaves unexplained into a score that can be read as a probability.
#[derive(Clone, Copy, Debug, PartialEq)]
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
}

/// How sure the matcher must be, for each place. Scores are probabilities, 0..=1.
#[derive(Clone, Copy, Debug, PartialEq)]
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
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// From here on the best entry is answered.
    pub accept: f32,
    /// From here on entries are offered.
    pub suggest: f32,
}

impl Calibration {
    /// The score of a class with this probability; `unknown` and `foreign` are shares, `length` a logarithm.
    pub fn score(&self, probability: f32, unknown: f32, foreign: f32, length: f32) -> f32 {
        let probability = probability.clamp(1e-6, 1.0 - 1e-6);
        let logit = self.bias
            + self.logit * (probability / (1.0 - probability)).ln()
            + self.unknown * unknown
            + self.foreign * foreign
            + self.length * length;
        1.0 / (1.0 + (-logit).exp())
    }
}
