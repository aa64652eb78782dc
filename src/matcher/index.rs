//! The inverted index: from a feature to the classes it speaks for. The cost of a message follows its features, not
//! the number of entries.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::features::{FAMILIES, Feature};
use super::weights::{MIN_UTTERANCES, UNKNOWN_IDF};

/// The features that were seen in learning, numbered, with their weights.
#[derive(Serialize, Deserialize)]
pub struct Dictionary {
    /// Ascending; the place is the number.
    features: Vec<Feature>,
    /// Where the features with the same first bits start: a table of as many buckets as there are features, half the
    /// size of a hash map.
    starts: Vec<u32>,
    /// The idf and the family of each.
    weights: Vec<(f32, u8)>,
}

impl Dictionary {
    /// Of features with the number of utterances that have them, out of `total`.
    pub fn of(utterances: FxHashMap<Feature, u32>, total: usize) -> Self {
        let mut kept: Vec<(Feature, u32)> = utterances
            .into_iter()
            .filter(|(feature, count)| feature.is_word() || *count >= MIN_UTTERANCES)
            .collect();
        kept.sort_unstable();
        let total = total as f32;
        let features: Vec<Feature> = kept.iter().map(|(feature, _)| *feature).collect();
        let bits = features.len().next_power_of_two().ilog2();
        let starts = (0..=1_u64 << bits)
            .scan(0, |at, bucket| {
                while features.get(*at as usize).is_some_and(|feature| feature.bucket(bits) < bucket) {
                    *at += 1;
                }
                Some(*at)
            })
            .collect();
        let weight = |(feature, count): &(Feature, u32)| (idf(total, *count), feature.family() as u8);
        Self { features, starts, weights: kept.iter().map(weight).collect() }
    }

    fn dimension(&self, feature: Feature) -> Option<u32> {
        let bits = (self.starts.len() - 1).ilog2();
        let bucket = feature.bucket(bits) as usize;
        let (start, end) = (self.starts[bucket], self.starts[bucket + 1]);
        (start..end).find(|at| self.features[*at as usize] == feature)
    }

    /// How many features there are.
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// The dimensions, those that most utterances have first: what lies side by side is in the processor's cache together.
    pub fn by_frequency(&self) -> Vec<u32> {
        let mut dimensions: Vec<u32> = (0..self.len() as u32).collect();
        dimensions.sort_by(|a, b| self.weights[*a as usize].0.total_cmp(&self.weights[*b as usize].0));
        dimensions
    }

    /// Whether the feature was seen.
    pub fn contains(&self, feature: Feature) -> bool {
        self.dimension(feature).is_some()
    }

    /// What `features` are: one by one, whatever their order.
    pub fn gather(&self, feature: Feature, gathered: &mut Gathered) {
        match self.dimension(feature) {
            Some(dimension) => gathered.known.push(dimension),
            None => gathered.unknown[feature.family()] += 1,
        }
    }

    /// The length of each family in an utterance: of its known features, each once, by idf, and of its unknown ones.
    /// Sorts the known ones and leaves each once.
    pub fn lengths(&self, gathered: &mut Gathered) -> [f32; FAMILIES] {
        gathered.known.sort_unstable();
        gathered.known.dedup();
        let mut squares = gathered.unknown.map(|count| count as f32 * UNKNOWN_IDF * UNKNOWN_IDF);
        for dimension in &gathered.known {
            let (idf, family) = self.weights[*dimension as usize];
            squares[usize::from(family)] += idf * idf;
        }
        squares.map(f32::sqrt)
    }

    /// What a dimension counts in an utterance whose families have these lengths.
    pub fn value(&self, dimension: u32, lengths: &[f32; FAMILIES]) -> f32 {
        let (idf, family) = self.weights[dimension as usize];
        idf / lengths[usize::from(family)]
    }

    /// The utterance's vector: each feature once, by idf, each family of length 1; ascending dimensions. Unknown
    /// features take their share of the length and are left out.
    pub fn vector(&self, mut gathered: Gathered) -> Vec<(u32, f32)> {
        let lengths = self.lengths(&mut gathered);
        let value = |dimension| (dimension, self.value(dimension, &lengths));
        gathered.known.into_iter().map(value).collect()
    }
}

/// An utterance's features: the known ones by their dimensions, the unknown ones counted by family.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// In any order.
    pub known: Vec<u32>,
    /// How many of each family.
    pub unknown: [u32; FAMILIES],
}

/// How telling it is that something occurs which `count` of `total` utterances have.
pub fn idf(total: f32, count: u32) -> f32 {
    ((1.0 + total) / (1.0 + count as f32)).ln() + 1.0
}
