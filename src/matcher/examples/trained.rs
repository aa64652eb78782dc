//! Written by `scripts/train/examples.py`, not by hand: what evidence is worth, learned from entries of many owners.

use super::EVIDENCE;

/// How much each piece of evidence speaks for an entry, as a logit.
pub const RANK: [f32; EVIDENCE] = [
    0.046, 0.564, 2.334, 0.967, -0.035, 0.266, 0.382, 2.017, 1.183, 0.778, 1.628, -0.418, 2.049, 0.896,
    0.995, 0.479, 0.003, 1.641, -1.690,
];

/// Of the network that says how sure an entry is: the weights of its hidden units, in the order of `Found::sureness`.
pub const HIDDEN: [[f32; 33]; 1] = [[0.0; 33]];

/// What the features say without a hidden unit: that the best entry is meant, and that any is.
pub const DIRECT: [[f32; 33]; 2] = [
    [
        -8.682, 0.446, 0.215, 0.153, 1.464, 1.044, -0.500, -0.071, -0.121, -0.154, -0.361, 0.110, 0.376,
        -1.120, 0.026, -0.042, -0.139, -0.313, 0.215, 1.060, 1.088, -0.305, 0.050, -0.092, 0.377, 0.302,
        1.303, 0.635, -0.105, 0.031, -0.128, -1.666, 0.082,
    ],
    [
        -10.437, 0.610, 0.153, 0.106, 0.177, 0.791, -0.532, -0.096, -0.446, 0.037, -0.426, 0.260, 0.597,
        -0.983, 0.036, -0.107, -0.172, -0.529, 0.338, 0.897, 2.026, -0.595, 0.051, -0.196, 0.342, 0.234,
        1.917, 0.978, -0.110, -0.064, -0.228, -2.088, 0.147,
    ],
];

/// What each hidden unit says of the two.
pub const OUT: [[f32; 2]; 1] = [[0.0; 2]];
