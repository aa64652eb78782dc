//! Written by `scripts/train/examples.py`, not by hand: what evidence is worth, learned from entries of many owners.

use super::EVIDENCE;

/// How much each piece of evidence speaks for an entry, as a logit.
pub const RANK: [f32; EVIDENCE] = [
    0.120, 0.588, 2.353, 0.857, -0.153, 0.024, 0.377, 2.058, 1.133, 0.873, 1.556, -0.453, 2.158, 0.802,
    0.931, 0.482, -0.023, 1.606, -1.765,
];

/// What makes it sure that the best entry is meant, in the order of `Found::sureness`.
pub const SURE: [f32; 33] = [
    -8.604, 0.443, 0.223, 0.151, 1.359, 0.942, -0.466, -0.129, -0.054, -0.052, -0.472, 0.044, 0.368, -1.093,
    0.031, -0.032, -0.181, -0.308, 0.215, 1.061, 1.172, -0.322, 0.050, -0.038, 0.364, 0.280, 1.326, 0.559,
    -0.094, 0.027, -0.133, -1.494, 0.056,
];

/// What makes it likely that any of the entries is meant, in the same order.
pub const SCOPE: [f32; 33] = [
    -10.184, 0.617, 0.155, 0.100, 0.051, 0.555, -0.619, -0.149, -0.391, 0.150, -0.538, 0.247, 0.592, -0.979,
    0.067, -0.069, -0.202, -0.473, 0.331, 0.931, 2.108, -0.589, 0.050, -0.173, 0.295, 0.167, 1.875, 0.871,
    -0.095, -0.066, -0.228, -1.897, 0.122,
];
