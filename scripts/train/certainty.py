#!/usr/bin/env python3
"""Trains src/matcher/certainty/trained.rs: how certain the best entry is. Needs OUT/certainty.jsonl of the example
`evidence`; numpy and scipy.

    scripts/train/certainty.py OUT
"""
import json
import sys

import numpy as np
from scipy.optimize import minimize

# Units of the hidden layer, and its weight decay. Tried: 4 to 16 units, 3e-4 to 3e-3.
HIDDEN, DECAY = 12, 5e-4
# The content that is the whole guide, as the example `evidence` names it.
FULL = "28 entries, 1000 wordings, 1000 counter-examples"

rows = [json.loads(line) for line in open(f"{sys.argv[1]}/certainty.jsonl", encoding="utf-8")]
signs = np.array([row["signs"] for row in rows])
right = np.array([float(row["right"]) for row in rows])
# Each content counts alike; the whole guide ten times.
amounts = np.array([row["amount"] for row in rows])
importance = np.array([1 / (amounts == amount).sum() for amount in amounts])
importance[amounts == FULL] *= 10
importance /= importance.sum()
middle, spread = signs.mean(0), signs.std(0) + 1e-6
middle[0], spread[0] = 0, 1
known = (signs - middle) / spread
width = known.shape[1]


def split(weights):
    hidden, direct, out = np.split(weights, [width * HIDDEN, width * (HIDDEN + 1)])
    return hidden.reshape(width, HIDDEN), direct, out


def loss(weights):
    hidden, direct, out = split(weights)
    active = np.tanh(known @ hidden)
    z = known @ direct + active @ out
    slope = importance * (1 / (1 + np.exp(-z)) - right)
    back = np.outer(slope, out) * (1 - active**2)
    value = (importance * (np.logaddexp(0, z) - right * z)).sum() + 0.5 * DECAY * (weights**2).sum()
    return value, np.r_[(known.T @ back).ravel(), known.T @ slope, active.T @ slope] + DECAY * weights


chance = np.random.default_rng(0)
start = np.r_[chance.normal(0, 1 / np.sqrt(width), width * HIDDEN), np.zeros(width), chance.normal(0, 0.1, HIDDEN)]
fitted = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 400})
hidden, direct, out = split(fitted.x)
print("loss", round(fitted.fun, 4), "rows", len(rows))


def raw(weights):
    """For signs as they are: the first of them is 1 and takes what is subtracted."""
    scaled = weights / (spread if weights.ndim == 1 else spread[:, None])
    scaled[0] -= middle @ scaled
    return scaled.T


def array(values):
    return "[" + ", ".join(f"{value:.5f}" for value in values) + "]"


with open("src/matcher/certainty/trained.rs", "w", encoding="utf-8") as module:
    module.write(f"""//! Written by `scripts/train/certainty.py`, not by hand.

use super::SIGNS;

/// The weights of the hidden units, in the order of `Signs::features`.
pub const HIDDEN: [[f32; SIGNS]; {HIDDEN}] = [{", ".join(array(row) for row in raw(hidden))}];

/// What the signs say without a hidden unit.
pub const DIRECT: [f32; SIGNS] = {array(raw(direct))};

/// What each hidden unit says.
pub const OUT: [f32; {HIDDEN}] = {array(out)};
""")
print("now: cargo fmt")
