//! How certain it is that the best entry is meant: a network of one hidden layer over what the weights say, the words
//! they leave unexplained, and the nearest wordings and counter-examples. It was trained once, by
//! `scripts/train/certainty.py`, on the guide with 5 to 28 of its entries, 12 to 300 wordings an entry, and with few or many
//! counter-examples, and means the same for every content;
//! `fit.toml` only refines it.

mod trained;

use super::nearest::Near;
use super::vocabulary::Unexplained;
use super::{Matcher, features};
use crate::faq::EntryId;
use crate::text::normalize::{normalize, question};
use trained::{DIRECT, HIDDEN, OUT};

/// How many numbers [`Signs::features`] has.
pub const SIGNS: usize = 14;

/// What speaks for and against an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Signs {
    /// Its probability among all entries and none of them, by the weights.
    pub probability: f32,
    /// The probability of the likeliest other entry.
    pub second: f32,
    /// The probability of none of the entries.
    pub none: f32,
    /// The words that are left unexplained.
    pub unexplained: Unexplained,
    /// The logarithm of one more than the number of words that say something.
    pub length: f32,
    /// The probability that something is asked.
    pub asks: f32,
    /// The nearest wordings and counter-examples.
    pub near: Near,
    /// The logarithm of how many wordings an entry of the content has.
    pub wordings: f32,
    /// The logarithm of how many entries the content has: among few, a word that is known says little.
    pub entries: f32,
}

impl Signs {
    /// As the network takes them; the first is always 1.
    pub fn features(&self) -> [f32; SIGNS] {
        let asks = logit(self.asks, 0.01);
        [
            1.0,
            logit(self.probability, 1e-6),
            self.unexplained.unknown,
            self.unexplained.foreign,
            self.length,
            asks.min(0.0),
            asks,
            self.near.own,
            self.near.none,
            self.near.other,
            logit(self.second, 1e-4),
            logit(self.none, 1e-3),
            self.wordings,
            self.entries,
        ]
    }

    /// The logit of the probability that the entry is meant.
    pub fn certainty(&self) -> f32 {
        let features = self.features();
        let product = |weights: &[f32; SIGNS]| -> f32 {
            weights.iter().zip(&features).map(|(weight, value)| weight * value).sum()
        };
        let hidden = HIDDEN.iter().zip(&OUT).map(|(weights, out)| product(weights).tanh() * out);
        product(&DIRECT) + hidden.sum::<f32>()
    }
}

impl Matcher {
    /// The best entry for `utterance`, and what speaks for it: what the network is trained on and a content's
    /// calibration is fitted to. None where nothing is said.
    pub fn signs(&self, utterance: &str) -> Option<(&EntryId, Signs)> {
        let text = normalize(question(utterance));
        let mut words = features::words(&text);
        self.correct(&text, &mut words);
        let (_, reading) = self.weigh(&text, &words, None);
        let best = reading.best.first()?;
        Some((self.entries.get(usize::from(best.class))?, best.signs))
    }
}

/// Of a probability, kept `least` from the ends.
fn logit(probability: f32, least: f32) -> f32 {
    let probability = probability.clamp(least, 1.0 - least);
    (probability / (1.0 - probability)).ln()
}
