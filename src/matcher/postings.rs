//! Learned weights, ready to score messages.

use serde::{Deserialize, Serialize};

/// What the weights say of a vector, as logits.
#[derive(Default)]
pub struct Scores {
    /// By class: the entries, then none of them.
    pub meanings: Vec<f32>,
    /// By kind.
    pub kinds: Vec<f32>,
    /// That a person is wanted, of despair, and of neither: see `person`.
    pub persons: Vec<f32>,
}

/// Stands for a dimension without weights.
const NOTHING: u32 = u32::MAX;

/// Weights that were learned together, with what is to be kept of them.
pub struct Learned<'a> {
    /// A dimension's weights by class.
    pub row: &'a dyn Fn(usize) -> Vec<(u16, f32)>,
    /// The bias of each class.
    pub bias: &'a [f32],
    /// Smaller weights are left out.
    pub negligible: f32,
}

/// Learned weights, by dimension: to which classes it speaks, and how loud. What was learned apart lies side by side,
/// as one message asks for all of it, and fetching it costs more than adding it up.
#[derive(Serialize, Deserialize)]
pub struct Postings {
    /// Where each dimension's weights start.
    starts: Vec<u32>,
    /// The classes that have a weight, behind their number; weights in units of their class's scale.
    weights: Vec<(u16, i16)>,
    /// The scale of each class and its bias.
    classes: Vec<(f32, f32)>,
}

impl Postings {
    /// Of what was learned: the classes of each behind those of the one before it, 65,536 in all at most. `order` names
    /// every dimension, those that are met most often first.
    pub fn of(all: &[Learned<'_>], order: &[u32]) -> Self {
        let mut classes = Vec::new();
        for learned in all {
            let weights = order.iter().flat_map(|dimension| (learned.row)(*dimension as usize));
            let largest = weights.map(|(_, weight)| weight.abs()).fold(0.0, f32::max);
            let scale = largest.max(f32::MIN_POSITIVE) / f32::from(i16::MAX);
            classes.extend(learned.bias.iter().map(|bias| (scale, *bias)));
        }
        let mut starts = vec![NOTHING; order.len()];
        let mut weights = Vec::new();
        for dimension in order {
            let start = weights.len();
            weights.push((0, 0));
            let mut first = 0;
            for learned in all {
                let mut row = (learned.row)(*dimension as usize);
                row.retain(|(_, weight)| weight.abs() >= learned.negligible);
                weights.extend(row.into_iter().map(|(class, weight)| {
                    let class = first + class;
                    (class, (weight / classes[usize::from(class)].0).round() as i16)
                }));
                first += learned.bias.len() as u16;
            }
            if weights.len() == start + 1 {
                weights.pop();
            } else {
                weights[start].0 = (weights.len() - start - 1) as u16;
                starts[*dimension as usize] = start as u32;
            }
        }
        weights.shrink_to_fit();
        Self { starts, weights, classes }
    }

    /// Appends the score of each class: its bias and what each dimension says of it.
    pub fn score(&self, vector: &[(u32, f32)], scores: &mut Vec<f32>) {
        // Where the weights lie and how many they are is looked up for all before any is added, so that the processor
        // fetches many at once.
        let mut found: Vec<(usize, usize, f32)> = Vec::with_capacity(vector.len());
        for (dimension, value) in vector {
            let start = self.starts[*dimension as usize];
            if start != NOTHING {
                found.push((start as usize + 1, 0, *value));
            }
        }
        for (start, count, _) in &mut found {
            *count = usize::from(self.weights[*start - 1].0);
        }
        let first = scores.len();
        scores.resize(first + self.classes.len(), 0.0);
        let scores = &mut scores[first..];
        for (start, count, value) in found {
            for (class, weight) in &self.weights[start..start + count] {
                scores[usize::from(*class)] += f32::from(*weight) * value;
            }
        }
        for (score, (scale, bias)) in scores.iter_mut().zip(&self.classes) {
            *score = *score * scale + bias;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Learned, Postings};

    /// The index scores what the plain sum over all classes scores.
    #[test]
    fn scores_what_the_plain_sum_scores() {
        let rows: Vec<Vec<(u16, f32)>> = (0..40_u16)
            .map(|row| {
                (0..7).map(|class| (class, f32::from((row * 31 + class * 17) % 23) / 11.5 - 1.0)).collect()
            })
            .collect();
        let bias = [0.1, -0.2, 0.3, 0.0, 0.5, -0.5, 0.25];
        let order: Vec<u32> = (0..rows.len() as u32).rev().collect();
        let row = |row: usize| rows[row].clone();
        let learned = |negligible| Learned { row: &row, bias: &bias, negligible };
        let postings = Postings::of(&[learned(f32::MAX), learned(0.0)], &order);
        for start in 0..30 {
            let vector: Vec<(u32, f32)> = (start..start + 10).map(|at| (at, 1.0 / (at + 1) as f32)).collect();
            let mut scores = Vec::new();
            postings.score(&vector, &mut scores);
            assert_eq!(scores[..7], bias);
            for (class, score) in scores[7..].iter().enumerate() {
                let plain: f32 =
                    vector.iter().map(|(at, value)| rows[*at as usize][class].1 * value).sum::<f32>()
                        + bias[class];
                assert!((score - plain).abs() < 0.02, "class {class}: {score} is not {plain}");
            }
        }
    }
}
