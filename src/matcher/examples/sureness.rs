//! How sure it is that the entry which fits best is meant, by what speaks for it and for the others: a network of one
//! hidden layer, trained on entries of many owners by `scripts/train/examples.py`. Tried beside it: a logistic model of
//! the same features answers a quarter fewer at the same share of wrong answers.

use super::Evidence;
use super::trained::{DIRECT, HIDDEN, OUT};
use crate::matcher::features::Word;

/// An entry that may be meant.
#[derive(Clone, Copy, Debug)]
pub struct Fitting {
    /// Its number.
    pub entry: usize,
    /// Its score among the entries, as a logit.
    pub score: f32,
    /// What speaks for it.
    pub evidence: Evidence,
}

/// What was found among all entries.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Best first; entries that share nothing with the message are left out.
    pub fitting: Vec<Fitting>,
    /// What the softmax of all scores is divided by, with the best score at 1.
    pub(super) sum: f32,
    /// How many entries there are.
    pub(super) entries: usize,
}

impl Found {
    /// The share of the entry at `place` among all entries, 0..=1.
    pub fn share(&self, place: usize) -> f32 {
        let top = self.fitting.first().map_or(0.0, |best| best.score);
        self.fitting.get(place).map_or(0.0, |fitting| (fitting.score - top).exp() / self.sum)
    }

    /// How sure it is that the best entry is meant, and that any of these entries is; both 0..=1. `asking` is the
    /// probability that something is asked, `wordings` how many wordings the best entry has, `guide` the score of the
    /// guide's best candidate.
    pub fn sureness(&self, said: &[Word], asking: f32, wordings: usize, guide: f32) -> (f32, f32) {
        let Some(best) = self.fitting.first() else { return (0.0, 0.0) };
        let score = |at: usize| self.fitting.get(at).map_or(0.0, |fitting| fitting.score);
        let (first, second, third) = (score(0), score(1), score(2));
        let e = &best.evidence;
        let asks = logit(asking);
        let guide = logit(guide);
        let words = said.len() as f32;
        let unlisted = said.iter().filter(|word| word.class.is_none()).count() as f32;
        let wordings = (wordings.clamp(1, 3) as f32).ln();
        let entries = (self.entries.max(1) as f32).ln();
        let features = [
            1.0,
            first,
            first - second,
            second - third,
            self.share(0),
            (0..3).map(|at| self.share(at)).sum(),
            e[0],
            e[1],
            e[2],
            e[4],
            e[5],
            e[6],
            e[7],
            e[11],
            e[15],
            e[16],
            e[17],
            e[18],
            asks,
            asks.min(0.0),
            words.ln_1p(),
            wordings,
            first * wordings,
            e[0] * e[5],
            e[1] * e[6],
            e[17] * e[6],
            unlisted / words.max(1.0),
            entries,
            first * entries,
            (first - second) * entries,
            guide,
            guide.max(0.0),
            first * guide.max(0.0),
        ];
        let product = |weights: &[f32]| -> f32 {
            weights.iter().zip(&features).map(|(weight, value)| weight * value).sum()
        };
        let mut logits = [product(&DIRECT[0]), product(&DIRECT[1])];
        for (weights, out) in HIDDEN.iter().zip(&OUT) {
            let active = product(weights).tanh();
            logits[0] += active * out[0];
            logits[1] += active * out[1];
        }
        logits.map(|logit| 1.0 / (1.0 + (-logit).exp())).into()
    }
}

/// Of a probability, kept from the ends.
fn logit(probability: f32) -> f32 {
    let probability = probability.clamp(1e-3, 1.0 - 1e-3);
    (probability / (1.0 - probability)).ln()
}
