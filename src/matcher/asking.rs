//! Whether words ask something: a logistic model over words, classes of meaning and their neighbours, trained once
//! on questions and statements of many groups (`scripts/train/`), so that it holds for every content.

use std::hash::{Hash as _, Hasher as _};
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHasher};

use super::features::Word;

/// A feature and its weight a line: `mark`, `c:CLASS`, `k:KEY`, two of them with a blank between, `<` and `>` the
/// message's edges.
static WEIGHTS: &str = include_str!("asking.tsv");

struct Model {
    bias: f32,
    weights: FxHashMap<u64, f32>,
}

static MODEL: LazyLock<Model> = LazyLock::new(|| {
    let mut model = Model { bias: 0.0, weights: FxHashMap::default() };
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

/// The probability that something is asked, 0..=1. `mark` says whether there is a question mark.
pub fn asking(words: &[Word], mark: bool) -> f32 {
    let model = &*MODEL;
    let mut seen: Vec<u64> = Vec::with_capacity(words.len() * 3 + 2);
    let mut before = hash("<");
    for word in words {
        let key = of_key(word);
        let unit = word.class.map_or(key, |class| of_parts("c:", class.name()));
        seen.extend([key, unit, pair(before, unit)]);
        before = unit;
    }
    seen.push(pair(before, hash(">")));
    if mark {
        seen.push(hash("mark"));
    }
    seen.sort_unstable();
    seen.dedup();
    let logit: f32 = seen.iter().filter_map(|feature| model.weights.get(feature)).sum::<f32>() + model.bias;
    1.0 / (1.0 + (-logit).exp())
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
