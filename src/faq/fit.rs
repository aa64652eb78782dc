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

/// Fits the matcher's own certainty (`matcher::certainty`, the same for every content) to one content: `bias` is added to
/// its logit, times `logit`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The score's logit where the certainty's logit is 0.
    pub bias: f32,
    /// Times the certainty's logit.
    pub logit: f32,
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
    /// The score, 0..=1, of what is certain with this logit.
    pub fn score(&self, certainty: f32) -> f32 {
        1.0 / (1.0 + (-self.bias - self.logit * certainty).exp())
    }
}
