//! Written by `scripts/train/examples.py`, not by hand: what evidence is worth, learned from entries of many owners.

use super::EVIDENCE;

/// How much each piece of evidence speaks for an entry, as a logit.
pub const RANK: [f32; EVIDENCE] = [0.418, 0.739, 2.166, 0.701, -0.241, 0.104, 0.519, 2.041, 0.870, 0.939, 1.147, -0.500, 2.156, 0.518, 0.924, 0.506, -0.069, 1.756, -2.162];

/// What makes it sure that the best entry is meant, in the order of `Found::sureness`.
pub const SURE: [f32; 33] = [-8.830, 0.332, 0.324, 0.082, 1.538, 0.722, -0.327, -0.117, 0.011, 0.024, -0.399, -0.098, 0.527, -0.890, -0.107, -0.124, 0.118, -0.249, 0.288, 0.922, 1.319, -0.242, 0.039, -0.039, 0.262, 0.266, 2.013, 0.290, -0.058, -0.051, -0.115, -1.278, 0.087];

/// What makes it likely that any of the entries is meant, in the same order.
pub const SCOPE: [f32; 33] = [-10.490, 0.571, 0.182, 0.044, 0.226, 0.222, -0.429, -0.011, -0.377, 0.213, -0.512, 0.179, 0.539, -0.714, -0.077, -0.254, 0.111, -0.285, 0.410, 0.604, 2.304, -0.512, 0.040, -0.158, 0.283, 0.257, 2.738, 0.617, -0.106, -0.099, -0.214, -1.575, 0.150];
