//! Multinomial logistic regression over sparse vectors, by `AdaGrad`: fixed order, fixed seed, so that the same
//! examples give the same weights on every machine.

pub mod many;

use super::weights::{EPOCHS, RESTS, STEP};

/// Vectors one behind the other; their dimensions ascend.
#[derive(Default)]
pub struct Samples {
    elements: Vec<(u32, f32)>,
    ends: Vec<u32>,
    /// The class of each.
    pub classes: Vec<u32>,
}

impl Samples {
    /// Appends a vector of `class`.
    pub fn push(&mut self, vector: Vec<(u32, f32)>, class: u32) {
        self.elements.extend(vector);
        self.ends.push(self.elements.len() as u32);
        self.classes.push(class);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// The vector number `at`.
    pub fn vector(&self, at: usize) -> &[(u32, f32)] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]) as usize;
        &self.elements[start..self.ends[at] as usize]
    }
}

/// Weights by dimension, then class; a bias a class.
pub struct Dense {
    classes: usize,
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Dense {
    /// Learns to tell `classes` classes apart. `class_of` maps a sample's class, or leaves the sample out;
    /// `importance` weighs a class's samples.
    pub fn learn(
        samples: &Samples,
        dimensions: usize,
        classes: usize,
        class_of: impl Fn(u32) -> Option<usize>,
        importance: impl Fn(usize) -> f32,
    ) -> Self {
        let mut model = Self { classes, weights: vec![0.0; dimensions * classes], bias: vec![0.0; classes] };
        let mut steps = Steps::new(dimensions);
        let mut order: Vec<(u32, u32)> = (0..samples.len())
            .filter_map(|at| class_of(samples.classes[at]).map(|class| (at as u32, class as u32)))
            .collect();
        let mut shuffle = Shuffle::default();
        let mut gradient = vec![0.0; classes];
        // Samples that are surely right already rest for a pass.
        let mut rests = vec![false; samples.len()];
        for _ in 0..EPOCHS {
            shuffle.shuffle(&mut order);
            for (at, class) in &order {
                if std::mem::take(&mut rests[*at as usize]) {
                    continue;
                }
                let vector = samples.vector(*at as usize);
                model.scores(vector, &mut gradient);
                softmax(&mut gradient);
                rests[*at as usize] = gradient[*class as usize] >= RESTS;
                gradient[*class as usize] -= 1.0;
                let weight = importance(*class as usize);
                gradient.iter_mut().for_each(|part| *part *= weight);
                model.step(vector, &gradient, &mut steps);
            }
        }
        model
    }

    fn scores(&self, vector: &[(u32, f32)], scores: &mut [f32]) {
        scores.copy_from_slice(&self.bias);
        for (dimension, value) in vector {
            let row = &self.weights[*dimension as usize * self.classes..][..self.classes];
            for (score, weight) in scores.iter_mut().zip(row) {
                *score += weight * value;
            }
        }
    }

    fn step(&mut self, vector: &[(u32, f32)], gradient: &[f32], steps: &mut Steps) {
        let norm: f32 = gradient.iter().map(|part| part * part).sum();
        if norm < 1e-6 {
            return;
        }
        for (dimension, value) in vector {
            let step = steps.next(*dimension, norm, *value);
            let row = &mut self.weights[*dimension as usize * self.classes..][..self.classes];
            for (weight, part) in row.iter_mut().zip(gradient) {
                *weight -= step * part;
            }
        }
        let step = steps.next_of_bias(norm);
        for (bias, part) in self.bias.iter_mut().zip(gradient) {
            *bias -= step * part;
        }
    }

    /// The weights of a dimension.
    pub fn row(&self, dimension: usize) -> &[f32] {
        &self.weights[dimension * self.classes..][..self.classes]
    }

    /// The biases.
    pub fn bias(&self) -> &[f32] {
        &self.bias
    }
}

/// `AdaGrad`'s memory: one sum of squares a dimension is enough where a dimension's classes move together.
pub struct Steps {
    squares: Vec<f32>,
    bias: f32,
}

impl Steps {
    /// For vectors of `dimensions`.
    pub fn new(dimensions: usize) -> Self {
        Self { squares: vec![1e-3; dimensions], bias: 1e-3 }
    }

    /// The next step along a dimension, for a gradient of squared length `norm` and a vector of this `value` there.
    pub fn next(&mut self, dimension: u32, norm: f32, value: f32) -> f32 {
        let square = &mut self.squares[dimension as usize];
        *square += norm * value * value;
        STEP * value / square.sqrt()
    }

    /// The next step of the biases.
    pub fn next_of_bias(&mut self, norm: f32) -> f32 {
        self.bias += norm;
        STEP / self.bias.sqrt()
    }
}

/// Scores to probabilities.
pub fn softmax(scores: &mut [f32]) {
    let top = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - top).exp();
        sum += *score;
    }
    for score in scores.iter_mut() {
        *score /= sum;
    }
}

/// A fixed order that looks like none (Fisher and Yates's shuffle, Knuth's 64-bit congruential numbers).
pub struct Shuffle(u64);

impl Default for Shuffle {
    fn default() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }
}

impl Shuffle {
    fn next(&mut self) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize
    }

    /// Reorders `items`.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.next() % (at + 1));
        }
    }
}
