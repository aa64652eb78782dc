//! The same regression for thousands of classes: a class has weights only where its own samples have features, and
//! is told apart from those classes that the weights themselves take for it.

use super::{Samples, Shuffle, Steps, softmax};
use crate::matcher::weights::{HARD_NEGATIVES, MANY_EPOCHS, POSTINGS, SHARPNESS};

/// Weights by dimension: the classes that have the feature, ascending.
pub struct Many {
    rows: Vec<Vec<(u16, f32)>>,
    bias: Vec<f32>,
}

impl Many {
    /// Learns to tell `classes` classes apart.
    pub fn learn(
        samples: &Samples<'_>,
        dimensions: usize,
        classes: usize,
        class_of: impl Fn(u32) -> usize,
    ) -> Self {
        let mut model = Self::means(samples, dimensions, classes, &class_of);
        let mut steps = Steps::new(dimensions);
        let mut order: Vec<u32> = (0..samples.len() as u32).collect();
        let mut shuffle = Shuffle::default();
        let mut scores = vec![0.0; classes];
        let mut vector = Vec::new();
        for _ in 0..MANY_EPOCHS {
            shuffle.shuffle(&mut order);
            for at in &order {
                let at = *at as usize;
                samples.read(at, &mut vector);
                model.step(&vector, class_of(samples.classes[at]), &mut scores, &mut steps);
            }
        }
        model
    }

    /// Each class at the mean of its samples.
    fn means(
        samples: &Samples<'_>,
        dimensions: usize,
        classes: usize,
        class_of: &impl Fn(u32) -> usize,
    ) -> Self {
        let mut sizes = vec![0.0_f32; classes];
        for class in &samples.classes {
            sizes[class_of(*class)] += 1.0;
        }
        let mut rows: Vec<Vec<(u16, f32)>> = vec![Vec::new(); dimensions];
        let mut vector = Vec::new();
        for at in 0..samples.len() {
            let class = class_of(samples.classes[at]);
            samples.read(at, &mut vector);
            for (dimension, value) in &vector {
                let weight = SHARPNESS * value / sizes[class];
                let row = &mut rows[*dimension as usize];
                match row.iter_mut().rev().find(|(other, _)| usize::from(*other) == class) {
                    Some((_, sum)) => *sum += weight,
                    None => row.push((class as u16, weight)),
                }
            }
        }
        for row in &mut rows {
            row.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            row.truncate(POSTINGS);
            row.sort_unstable_by_key(|(class, _)| *class);
            row.shrink_to_fit();
        }
        Self { rows, bias: vec![0.0; classes] }
    }

    fn step(&mut self, vector: &[(u32, f32)], class: usize, scores: &mut [f32], steps: &mut Steps) {
        scores.copy_from_slice(&self.bias);
        for (dimension, value) in vector {
            for (other, weight) in &self.rows[*dimension as usize] {
                scores[usize::from(*other)] += weight * value;
            }
        }
        let rivals = rivals(scores, class);
        let mut gradient: Vec<f32> = rivals.iter().map(|rival| scores[*rival]).collect();
        softmax(&mut gradient);
        for (part, rival) in gradient.iter_mut().zip(&rivals) {
            *part -= f32::from(u8::from(*rival == class));
        }
        let norm: f32 = gradient.iter().map(|part| part * part).sum();
        if norm < 1e-4 {
            return;
        }
        let next = steps.next(vector, norm);
        for ((dimension, _), step) in vector.iter().zip(next) {
            let row = &mut self.rows[*dimension as usize];
            for (rival, part) in rivals.iter().zip(&gradient) {
                if let Ok(at) = row.binary_search_by_key(&(*rival as u16), |(class, _)| *class) {
                    row[at].1 -= step * part;
                }
            }
        }
        let step = steps.next_of_bias(norm);
        for (rival, part) in rivals.iter().zip(&gradient) {
            self.bias[*rival] -= step * part;
        }
    }

    /// The weights of a dimension.
    pub fn row(&self, dimension: usize) -> &[(u16, f32)] {
        &self.rows[dimension]
    }

    /// The biases.
    pub fn bias(&self) -> &[f32] {
        &self.bias
    }
}

/// The class itself and those that score best beside it.
fn rivals(scores: &[f32], class: usize) -> Vec<usize> {
    let mut best: Vec<usize> = Vec::with_capacity(HARD_NEGATIVES + 2);
    for (other, score) in scores.iter().enumerate() {
        if other == class
            || best.len() == HARD_NEGATIVES && best.last().is_some_and(|last| *score <= scores[*last])
        {
            continue;
        }
        let at = best.partition_point(|better| scores[*better] >= *score);
        best.insert(at, other);
        best.truncate(HARD_NEGATIVES);
    }
    best.push(class);
    best
}
