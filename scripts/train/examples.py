#!/usr/bin/env python3
"""Trains src/matcher/examples/{trained.rs,associations.tsv}: what evidence is worth, which classes speak for each
other, and how sure that makes. Needs OUT of the example `evidence` and of asking.py; numpy and scipy.

    scripts/train/examples.py OUT
"""
import collections
import json
import random
import sys

import numpy as np
import scipy.sparse as sp
from scipy.optimize import minimize

OUT = sys.argv[1]
ROWS = [json.loads(line) for line in open(f"{OUT}/evidence.jsonl", encoding="utf-8")]
ASKING = json.load(open(f"{OUT}/asking.json"))
# Pairs of classes seen less often than this in right pairs are left out, weights below NEGLIGIBLE dropped.
SEEN, NEGLIGIBLE, RIDGE = 6, 0.2, 4e-4
# Units of the hidden layer, and its weight decay.
HIDDEN, DECAY = 16, 3e-4


def weight(name):
    """As `weight` in src/matcher/examples.rs."""
    if name is None:
        return 4.5
    if name.startswith("gram.") or name in ("ask.what", "ask.tell", "ask.yesno", "ask.question", "ask.help"):
        return 0.8
    return 2.2 if name.startswith(("ask.", "verb.")) else 2.5 if name.startswith("num.") else 3.5


def units(words):
    found = {}
    for word in words:
        if word["filler"] or word["class"] in ("gram.filler", "gram.thanks", "gram.sorry"):
            continue
        if weight(word["class"]) >= 1:
            found[word["class"] or "s:" + word["stem"]] = weight(word["class"])
    return found


entries, queries = {}, {}
for line in open(f"{OUT}/words.jsonl", encoding="utf-8"):
    row = json.loads(line)
    if row["part"] in ("question", "extra1", "extra2", "answer"):
        entries.setdefault(f"{row['owner']}/{row['id']}", {})[row["part"]] = units(row["words"])
    else:
        queries[row["text"]] = units(row["words"])

cache = {}


def pairs(row, entry):
    """The classes of the message beside those of the entry, as `Examples::associated` weighs them."""
    key = (row["query"], row["wordings"], entry)
    if key not in cache:
        said = queries.get(row["query"], {})
        meant = {}
        for part in ("question", "extra1", "extra2", "answer")[: 1 if row["wordings"] == 1 else 3] + ("answer",):
            for unit in entries[entry].get(part, {}):
                meant[unit] = max(meant.get(unit, 0), 0.5 if part == "answer" else 1.0)
        total, found = sum(said.values()) or 1, {}
        for unit, telling in said.items():
            if meant.get(unit) == 1.0 or unit.startswith("s:"):
                continue
            for other, strength in meant.items():
                if other != unit and not other.startswith("s:"):
                    found[(unit, other)] = telling / total * strength * 3
        cache[key] = found
    return cache[key]


full = [(row, [pairs(row, entry) for entry in row["ids"]]) for row in ROWS if row["size"] == 12 and row["right"] is not None]
counts = collections.Counter(pair for row, of in full for pair in of[row["right"]])
number = {pair: at for at, pair in enumerate(sorted(p for p, count in counts.items() if count >= SEEN))}
DEPTH = len(ROWS[0]["evidence"][0])


def matrices(rows):
    evidence, at, column, value, ends = [], [], [], [], [0]
    for row, of in rows:
        evidence += row["evidence"]
        for place, found in enumerate(of):
            for pair, weighed in found.items():
                if pair in number:
                    at.append(ends[-1] + place)
                    column.append(number[pair])
                    value.append(weighed)
        ends.append(ends[-1] + len(of))
    return np.array(evidence), sp.csr_matrix((value, (at, column)), shape=(ends[-1], len(number))), ends


def rank(rows):
    evidence, associated, _ = matrices(rows)
    right = np.array([row["right"] for row, _ in rows])
    count, target = len(rows), np.zeros((len(rows), 12))
    target[np.arange(count), right] = 1
    ridge = np.r_[np.full(DEPTH, 1e-3), np.full(len(number), RIDGE)]

    def loss(weights):
        scores = (evidence @ weights[:DEPTH] + associated @ weights[DEPTH:]).reshape(count, 12)
        scores = np.exp(scores - scores.max(1, keepdims=True))
        share = scores / scores.sum(1, keepdims=True)
        slope = ((share - target) / count).ravel()
        gradient = np.r_[evidence.T @ slope, associated.T @ slope] + ridge * weights
        return -np.log(share[np.arange(count), right] + 1e-12).mean() + 0.5 * (ridge * weights**2).sum(), gradient

    weights = minimize(loss, np.zeros(DEPTH + len(number)), jac=True, method="L-BFGS-B", options={"maxiter": 100}).x
    weights[DEPTH:][np.abs(weights[DEPTH:]) < NEGLIGIBLE] = 0
    return weights


def scores(weights, rows):
    evidence, associated, ends = matrices(rows)
    all_scores = evidence @ weights[:DEPTH] + associated @ weights[DEPTH:]
    return [all_scores[start:end] for start, end in zip(ends, ends[1:])]


def logit(p):
    p = min(max(p, 1e-3), 1 - 1e-3)
    return np.log(p / (1 - p))


def features(row, of):
    """As `Found::sureness` in src/matcher/examples.rs."""
    order = np.argsort(-of, kind="stable")
    share = np.exp(of - of.max())
    share /= share.sum()
    e = row["evidence"][order[0]]
    first, second, third = (of[order[at]] if len(of) > at else 0.0 for at in range(3))
    asks = logit(ASKING.get(row["query"], 0.97 if row["style"] == "guide" else 0.9))
    wordings, size, guide = np.log(row["wordings"]), np.log(len(of)), logit(row["guide"])
    return [1, first, first - second, second - third, share[order[0]], share[order[:3]].sum(), e[0], e[1], e[2], e[4],
            e[5], e[6], e[7], e[11], e[15], e[16], e[17], e[18], asks, min(asks, 0), np.log1p(row["words"]), wordings,
            first * wordings, e[0] * e[5], e[1] * e[6], e[17] * e[6], row["unlisted"] / max(row["words"], 1), size,
            first * size, (first - second) * size, guide, max(guide, 0), first * max(guide, 0)], order


def network(matrix, labels, importance):
    """One hidden layer with tanh beside direct weights; one output for each column of labels."""
    middle, spread = matrix.mean(0), matrix.std(0) + 1e-6
    middle[0], spread[0] = 0, 1
    known, importance = (matrix - middle) / spread, importance[:, None] / importance.sum()
    width, outputs = known.shape[1], labels.shape[1]
    ends = np.cumsum([width * HIDDEN, width * outputs])

    def split(weights):
        hidden, direct, out = np.split(weights, ends)
        return hidden.reshape(width, HIDDEN), direct.reshape(width, outputs), out.reshape(HIDDEN, outputs)

    def loss(weights):
        hidden, direct, out = split(weights)
        active = np.tanh(known @ hidden)
        z = known @ direct + active @ out
        slope = importance * (1 / (1 + np.exp(-z)) - labels)
        back = (slope @ out.T) * (1 - active**2)
        value = (importance * (np.logaddexp(0, z) - labels * z)).sum() + 0.5 * DECAY * (weights**2).sum()
        gradient = np.r_[(known.T @ back).ravel(), (known.T @ slope).ravel(), (active.T @ slope).ravel()]
        return value, gradient + DECAY * weights

    start = np.random.default_rng(0).normal(0, 1 / np.sqrt(width), width * HIDDEN)
    start = np.r_[start, np.zeros(width * outputs), np.random.default_rng(1).normal(0, 0.1, HIDDEN * outputs)]
    hidden, direct, out = split(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 250}).x)

    def raw(weights):
        """For features as they are: the first of them is 1 and takes what is subtracted."""
        scaled = weights / spread[:, None]
        scaled[0] -= middle @ scaled
        return scaled.T

    return raw(hidden), raw(direct), out


def answers(model, matrix):
    hidden, direct, out = model
    return 1 / (1 + np.exp(-(matrix @ direct.T + np.tanh(matrix @ hidden.T) @ out)))


# The sureness is learned from scores that did not see the owner.
everything = [(row, [pairs(row, entry) for entry in row["ids"]]) for row in ROWS]
owners = sorted({row["owner"] for row in ROWS})
random.seed(0)
random.shuffle(owners)
held_out = [None] * len(everything)
for part in range(5):
    held = set(owners[part::5])
    weights = rank([one for one in full if one[0]["owner"] not in held])
    places = [at for at, (row, _) in enumerate(everything) if row["owner"] in held]
    for at, of in zip(places, scores(weights, [everything[at] for at in places])):
        held_out[at] = of
weights = rank(full)
matrix, right, scope = [], [], []
for row, of in zip(ROWS, held_out):
    own, order = features(row, of)
    matrix.append(own)
    right.append(float(row["right"] is not None and order[0] == row["right"]))
    scope.append(float(row["right"] is not None))
tried = [(r, row) for r, row in zip(right, ROWS) if row["size"] == 12 and row["right"] is not None]
print("first right, owners left out:", {n: round(np.mean([r for r, row in tried if row["wordings"] == n]), 3) for n in (1, 3)})
matrix = np.array(matrix)
importance = np.array([1.0 if row["size"] == 12 else 0.35 for row in ROWS])
labels = np.array([right, scope]).T
# The same way the figures of the sureness: at the threshold that answers 4 of 100 messages that mean no entry.
owner_of = np.array([row["owner"] for row in ROWS])
guess = np.zeros((len(ROWS), 2))
for part in range(5):
    held = np.isin(owner_of, owners[part::5])
    guess[held] = answers(network(matrix[~held], labels[~held], importance[~held]), matrix[held])
for n in (1, 3):
    of = np.array([row["size"] == 12 and row["wordings"] == n and row["style"] != "guide" for row in ROWS])
    none = of & (labels[:, 1] == 0)
    sure, meant, first = guess[:, 0], of & (labels[:, 1] == 1), labels[:, 0] == 1
    for rate in (0.02, 0.04, 0.06):
        bar = np.quantile(sure[none], 1 - rate)
        told = [(sure[meant] >= bar) & ok for ok in (first[meant], ~first[meant])]
        print(n, "wordings, none answered", rate, "at", round(bar, 2), "right, wrong:", [round(x.mean(), 3) for x in told])
hidden, direct, out = network(matrix, labels, importance)

names = {at: pair for pair, at in number.items()}
with open("src/matcher/examples/associations.tsv", "w", encoding="utf-8") as table:
    table.write("said\tmeant\tweight\n")
    for at in np.nonzero(weights[DEPTH:])[0]:
        table.write(f"{names[at][0]}\t{names[at][1]}\t{weights[DEPTH + at]:.2f}\n")


def array(values):
    return "[" + ", ".join(f"{value:.5f}" for value in values) + "]"


def rows_of(values):
    return "[" + ", ".join(array(row) for row in values) + "]"


with open("src/matcher/examples/trained.rs", "w", encoding="utf-8") as module:
    module.write(f"""//! Written by `scripts/train/examples.py`, not by hand: what evidence is worth, learned from entries of many owners.

use super::EVIDENCE;

/// How much each piece of evidence speaks for an entry, as a logit.
pub const RANK: [f32; EVIDENCE] = {array(weights[:DEPTH])};

/// Of the network that says how sure an entry is: the weights of its hidden units, in the order of `Found::sureness`.
pub const HIDDEN: [[f32; {hidden.shape[1]}]; {len(hidden)}] = {rows_of(hidden)};

/// What the features say without a hidden unit: that the best entry is meant, and that any is.
pub const DIRECT: [[f32; {direct.shape[1]}]; 2] = {rows_of(direct)};

/// What each hidden unit says of the two.
pub const OUT: [[f32; 2]; {len(out)}] = {rows_of(out)};
""")
print("now: cargo fmt")
