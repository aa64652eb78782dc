//! The inverted index: from a feature to the classes it speaks for. The cost of a message follows its features, not
//! the number of entries.

use rustc_hash::FxHashMap;

use super::features::{FAMILIES, Feature};
use super::learn::Dense;
use super::weights::{MIN_UTTERANCES, UNKNOWN_IDF};

/// The features that were seen in learning, numbered, with their weights.
pub struct Dictionary {
    /// Ascending; the place is the number.
    features: Vec<Feature>,
    /// Where the features with the same first bits start: a table of as many buckets as there are features, half the
    /// size of a hash map.
    starts: Vec<u32>,
    idf: Vec<f32>,
}

impl Dictionary {
    /// Of utterances' features, one utterance behind the other; `ends` says where each stops.
    pub fn of(features: &[Feature], ends: &[usize]) -> Self {
        let mut utterances: FxHashMap<Feature, u32> = FxHashMap::default();
        let mut own = Vec::new();
        let mut start = 0;
        for end in ends {
            own.clear();
            own.extend_from_slice(&features[start..*end]);
            own.sort_unstable();
            own.dedup();
            for feature in &own {
                *utterances.entry(*feature).or_default() += 1;
            }
            start = *end;
        }
        let mut kept: Vec<(Feature, u32)> = utterances
            .into_iter()
            .filter(|(feature, count)| feature.is_word() || *count >= MIN_UTTERANCES)
            .collect();
        kept.sort_unstable();
        let total = ends.len() as f32;
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
        Self { features, starts, idf: kept.iter().map(|(_, count)| idf(total, *count)).collect() }
    }

    fn dimension(&self, feature: Feature) -> Option<u32> {
        let bits = (self.starts.len() - 1).ilog2();
        let bucket = feature.bucket(bits) as usize;
        let (start, end) = (self.starts[bucket], self.starts[bucket + 1]);
        (start..end).find(|at| self.features[*at as usize] == feature)
    }

    /// How many features there are.
    pub fn len(&self) -> usize {
        self.idf.len()
    }

    /// Whether the feature was seen.
    pub fn contains(&self, feature: Feature) -> bool {
        self.dimension(feature).is_some()
    }

    /// The utterance's vector: each feature once, by idf, each family of length 1; ascending dimensions. Unknown
    /// features take their share of the length and are left out.
    pub fn vector(&self, features: &[Feature]) -> Vec<(u32, f32)> {
        let mut squares = [0.0_f32; FAMILIES];
        let mut known: Vec<u32> = Vec::with_capacity(features.len());
        for feature in features {
            match self.dimension(*feature) {
                Some(dimension) => known.push(dimension),
                None => squares[feature.family()] += UNKNOWN_IDF * UNKNOWN_IDF,
            }
        }
        known.sort_unstable();
        known.dedup();
        for dimension in &known {
            let idf = self.idf[*dimension as usize];
            squares[self.features[*dimension as usize].family()] += idf * idf;
        }
        let lengths = squares.map(f32::sqrt);
        known
            .into_iter()
            .map(|dimension| {
                let at = dimension as usize;
                (dimension, self.idf[at] / lengths[self.features[at].family()])
            })
            .collect()
    }
}

/// How telling it is that something occurs which `count` of `total` utterances have.
pub fn idf(total: f32, count: u32) -> f32 {
    ((1.0 + total) / (1.0 + count as f32)).ln() + 1.0
}

/// Learned weights, by dimension: to which classes it speaks, and how loud.
pub struct Postings {
    starts: Vec<u32>,
    /// Class and weight in units of `scale`.
    weights: Vec<(u16, i16)>,
    scale: f32,
    bias: Vec<f32>,
}

impl Postings {
    /// What `model` learned, without the weights below `negligible`.
    pub fn of_dense(model: &Dense, dimensions: usize, negligible: f32) -> Self {
        let rows = (0..dimensions).map(|dimension| {
            model.row(dimension).iter().enumerate().map(|(class, weight)| (class as u16, *weight)).collect()
        });
        Self::of_rows(rows, model.bias().to_vec(), negligible)
    }

    /// Of each dimension's weights by class, without those below `negligible`.
    pub fn of_rows(
        rows: impl Iterator<Item = Vec<(u16, f32)>> + Clone,
        bias: Vec<f32>,
        negligible: f32,
    ) -> Self {
        let largest = rows.clone().flatten().map(|(_, weight)| weight.abs()).fold(0.0, f32::max);
        let scale = largest.max(f32::MIN_POSITIVE) / f32::from(i16::MAX);
        let mut starts = vec![0];
        let mut weights = Vec::new();
        for row in rows {
            let loud = row.into_iter().filter(|(_, weight)| weight.abs() >= negligible);
            weights.extend(loud.map(|(class, weight)| (class, (weight / scale).round() as i16)));
            starts.push(weights.len() as u32);
        }
        weights.shrink_to_fit();
        Self { starts, weights, scale, bias }
    }

    /// The score of each class: its bias and what each dimension says of it.
    pub fn scores(&self, vector: &[(u32, f32)]) -> Vec<f32> {
        let mut scores = vec![0.0; self.bias.len()];
        for (dimension, value) in vector {
            for (class, weight) in self.row(*dimension) {
                scores[usize::from(*class)] += f32::from(*weight) * value;
            }
        }
        for (score, bias) in scores.iter_mut().zip(&self.bias) {
            *score = *score * self.scale + bias;
        }
        scores
    }

    fn row(&self, dimension: u32) -> &[(u16, i16)] {
        let at = dimension as usize;
        &self.weights[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::Postings;

    /// The index scores what the plain sum over all classes scores.
    #[test]
    fn scores_what_the_plain_sum_scores() {
        let rows: Vec<Vec<(u16, f32)>> = (0..40_u16)
            .map(|row| {
                (0..7).map(|class| (class, f32::from((row * 31 + class * 17) % 23) / 11.5 - 1.0)).collect()
            })
            .collect();
        let bias = vec![0.1, -0.2, 0.3, 0.0, 0.5, -0.5, 0.25];
        let postings = Postings::of_rows(rows.iter().cloned(), bias.clone(), 0.0);
        for start in 0..30 {
            let vector: Vec<(u32, f32)> = (start..start + 10).map(|at| (at, 1.0 / (at + 1) as f32)).collect();
            for (class, score) in postings.scores(&vector).iter().enumerate() {
                let plain: f32 =
                    vector.iter().map(|(at, value)| rows[*at as usize][class].1 * value).sum::<f32>()
                        + bias[class];
                assert!((score - plain).abs() < 0.02, "class {class}: {score} is not {plain}");
            }
        }
    }
}
