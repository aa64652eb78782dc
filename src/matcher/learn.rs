//! Multinomial logistic regression over sparse vectors, by `AdaGrad`: fixed order, fixed seed, so that the same
//! examples give the same weights on every machine.

pub mod many;

use super::features::FAMILIES;
use super::index::{Dictionary, Gathered};
use super::weights::{EPOCHS, RESTS, STEP};

/// Utterances as vectors, one behind the other: their dimensions ascend, and what each counts follows from the
/// dictionary and the lengths of the utterance's families, which takes half the memory.
pub struct Samples<'a> {
    dictionary: &'a Dictionary,
    dimensions: Vec<u32>,
    ends: Vec<u32>,
    lengths: Vec<[f32; FAMILIES]>,
    /// The class of each.
    pub classes: Vec<u32>,
}

impl<'a> Samples<'a> {
    /// None yet, of features that `dictionary` numbers.
    pub fn new(dictionary: &'a Dictionary) -> Self {
        Self {
            dictionary,
            dimensions: Vec::new(),
            ends: Vec::new(),
            lengths: Vec::new(),
            classes: Vec::new(),
        }
    }

    /// Appends an utterance of `class`.
    pub fn push(&mut self, gathered: &mut Gathered, class: u32) {
        self.lengths.push(self.dictionary.lengths(gathered));
        self.dimensions.extend_from_slice(&gathered.known);
        self.ends.push(self.dimensions.len() as u32);
        self.classes.push(class);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// The dimensions of the vector number `at`.
    pub fn dimensions(&self, at: usize) -> &[u32] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]) as usize;
        &self.dimensions[start..self.ends[at] as usize]
    }

    /// Puts the vector number `at` in place of what is in `vector`.
    pub fn read(&self, at: usize, vector: &mut Vec<(u32, f32)>) {
        let lengths = &self.lengths[at];
        vector.clear();
        let value = |dimension: &u32| (*dimension, self.dictionary.value(*dimension, lengths));
        vector.extend(self.dimensions(at).iter().map(value));
    }
}

/// Classes are learned in groups of so many.
const LANES: usize = 8;

/// Weights by dimension, then class; a bias a class.
pub struct Dense {
    classes: usize,
    /// Groups of classes a dimension; behind the last class stand zeros.
    groups: usize,
    weights: Vec<[f32; LANES]>,
    bias: Vec<[f32; LANES]>,
}

impl Dense {
    /// Learns to tell `classes` classes apart. `class_of` maps a sample's class, or leaves the sample out;
    /// `importance` weighs a class's samples.
    pub fn learn(
        samples: &Samples<'_>,
        dimensions: usize,
        classes: usize,
        class_of: impl Fn(u32) -> Option<usize>,
        importance: impl Fn(usize) -> f32,
    ) -> Self {
        let groups = classes.div_ceil(LANES);
        let mut model = Self {
            classes,
            groups,
            weights: vec![[0.0; LANES]; dimensions * groups],
            bias: vec![[0.0; LANES]; groups],
        };
        let mut steps = Steps::new(dimensions);
        let mut order: Vec<(u32, u32)> = (0..samples.len())
            .filter_map(|at| class_of(samples.classes[at]).map(|class| (at as u32, class as u32)))
            .collect();
        let mut shuffle = Shuffle::default();
        let mut vector = Vec::new();
        let mut gradient = vec![[0.0; LANES]; groups];
        // Samples that are surely right already rest for a pass.
        let mut rests = vec![false; samples.len()];
        for _ in 0..EPOCHS {
            shuffle.shuffle(&mut order);
            for (at, class) in &order {
                if std::mem::take(&mut rests[*at as usize]) {
                    continue;
                }
                samples.read(*at as usize, &mut vector);
                model.scores(&vector, &mut gradient);
                let parts = &mut gradient.as_flattened_mut()[..classes];
                softmax(parts);
                rests[*at as usize] = parts[*class as usize] >= RESTS;
                parts[*class as usize] -= 1.0;
                let weight = importance(*class as usize);
                parts.iter_mut().for_each(|part| *part *= weight);
                model.step(&vector, &gradient, &mut steps);
            }
        }
        model
    }

    fn scores(&self, vector: &[(u32, f32)], scores: &mut [[f32; LANES]]) {
        for (group, (scores, bias)) in scores.iter_mut().zip(&self.bias).enumerate() {
            let mut sums = *bias;
            for (dimension, value) in vector {
                let weights = &self.weights[*dimension as usize * self.groups + group];
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += weight * value;
                }
            }
            *scores = sums;
        }
    }

    /// Behind the last class, `gradient` is 0.
    fn step(&mut self, vector: &[(u32, f32)], gradient: &[[f32; LANES]], steps: &mut Steps) {
        let gradient = gradient.as_flattened();
        let norm: f32 = gradient.iter().map(|part| part * part).sum();
        if norm < 1e-6 {
            return;
        }
        let descend = |row: &mut [[f32; LANES]], step: f32| {
            for (weight, part) in row.as_flattened_mut().iter_mut().zip(gradient) {
                *weight -= step * part;
            }
        };
        let next = steps.next(vector, norm);
        for ((dimension, _), step) in vector.iter().zip(next) {
            descend(&mut self.weights[*dimension as usize * self.groups..][..self.groups], *step);
        }
        let step = steps.next_of_bias(norm);
        descend(&mut self.bias, step);
    }

    /// The weights of a dimension.
    pub fn row(&self, dimension: usize) -> &[f32] {
        &self.weights[dimension * self.groups..][..self.groups].as_flattened()[..self.classes]
    }

    /// The biases.
    pub fn bias(&self) -> &[f32] {
        &self.bias.as_flattened()[..self.classes]
    }
}

/// `AdaGrad`'s memory: one sum of squares a dimension is enough where a dimension's classes move together.
pub struct Steps {
    squares: Vec<f32>,
    bias: f32,
    next: Vec<f32>,
}

impl Steps {
    /// For vectors of `dimensions`.
    pub fn new(dimensions: usize) -> Self {
        Self { squares: vec![1e-3; dimensions], bias: 1e-3, next: Vec::new() }
    }

    /// The next step along each dimension of `vector`, for a gradient of squared length `norm`.
    pub fn next(&mut self, vector: &[(u32, f32)], norm: f32) -> &[f32] {
        self.next.clear();
        for (dimension, value) in vector {
            let square = &mut self.squares[*dimension as usize];
            *square += norm * value * value;
            self.next.push(*square);
        }
        // Apart, so that several roots are drawn at once.
        for (step, (_, value)) in self.next.iter_mut().zip(vector) {
            *step = STEP * value / step.sqrt();
        }
        &self.next
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
