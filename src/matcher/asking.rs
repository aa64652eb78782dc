//! Whether words ask something: a logistic model over words, classes of meaning and their neighbours, trained once
//! on questions and statements of many groups (`scripts/train/`), so that it holds for every content.

use std::hash::{Hash as _, Hasher as _};
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHasher};

use super::features::Word;
use crate::text::lexicon::Class;

/// A feature and its weight a line: `mark`, `c:CLASS`, `k:KEY`, two of them with a blank between, `<` and `>` the
/// message's edges.
static WEIGHTS: &str = include_str!("asking.tsv");

struct Model {
    bias: f32,
    /// Of each class of the lexicon.
    classes: Vec<u64>,
    start: u64,
    end: u64,
    mark: u64,
    weights: FxHashMap<u64, f32>,
}

static MODEL: LazyLock<Model> = LazyLock::new(|| {
    let mut model = Model {
        bias: 0.0,
        classes: Class::all().map(|class| of_parts("c:", class.name())).collect(),
        start: hash("<"),
        end: hash(">"),
        mark: hash("mark"),
        weights: FxHashMap::default(),
    };
    let lines = WEIGHTS.lines().skip(1).filter_map(|line| line.split_once('\t'));
    for (feature, weight) in lines.filter_map(|(feature, weight)| Some((feature, weight.parse().ok()?))) {
        let unit = |text: &str| hash(text);
        match feature.split_once(' ') {
            None if feature == "bias" => model.bias = weight,
            None => _ = model.weights.insert(unit(feature), weight),
            Some((one, other)) => _ = model.weights.insert(pair(unit(one), unit(other)), weight),
        }
    }
    model
});

/// The probabilities that something is asked, 0..=1: with or without a question mark, as `mark` says, and without.
pub fn asking(words: &[Word], mark: bool) -> (f32, f32) {
    let model = &*MODEL;
    let mut seen: Vec<u64> = Vec::with_capacity(words.len() * 3 + 2);
    let mut before = model.start;
    for word in words {
        let key = of_key(word);
        let unit = word.class.and_then(|class| model.classes.get(class.number())).copied().unwrap_or(key);
        seen.extend([key, unit, pair(before, unit)]);
        before = unit;
    }
    seen.push(pair(before, model.end));
    if mark {
        seen.push(model.mark);
    }
    seen.sort_unstable();
    seen.dedup();
    let (mut asked, mut stated) = (0.0, 0.0);
    for feature in seen {
        if let Some(weight) = model.weights.get(&feature) {
            asked += weight;
            stated += if feature == model.mark { 0.0 } else { *weight };
        }
    }
    let probability = |logit: f32| 1.0 / (1.0 + (-logit).exp());
    (probability(asked + model.bias), probability(stated + model.bias))
}

fn of_key(word: &Word) -> u64 {
    of_parts("k:", word.keys.first().as_str())
}

fn hash(text: &str) -> u64 {
    of_parts("", text)
}

fn of_parts(kind: &str, text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    kind.bytes().chain(text.bytes()).for_each(|byte| hasher.write_u8(byte));
    hasher.finish()
}

fn pair(one: u64, other: u64) -> u64 {
    let mut hasher = FxHasher::default();
    (one, other).hash(&mut hasher);
    hasher.finish()
}
