#!/usr/bin/env python3
"""Trains src/matcher/asking.tsv: whether words ask something.

    cargo run --release --example evidence -- OUT
    scripts/train/asking.py OUT         needs numpy, scipy and scikit-learn

Prints the area under the curve on owners left out, writes the table, and OUT/asking.json with the probability that each
query of training/ asks, by a model that did not see its owner.
"""
import collections
import json
import random
import sys

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

OUT = sys.argv[1]
STATES = {"statement", "reply", "complaint", "chatter", "smalltalk", "request-to-person"}


def asks(row):
    if row["owner"] in ("statements", "guide"):
        return int(row["id"])
    if row["part"] in ("question", "extra1", "extra2", "answer"):
        return None
    if row["id"] != "none" or row["part"] in ("adjacent", "other"):
        return 1
    return 0 if row["part"] in STATES else None


def features(row):
    keys = ["k:" + word["key"] for word in row["words"]]
    units = ["c:" + word["class"] if word["class"] else key for word, key in zip(row["words"], keys)]
    edged = ["<"] + units + [">"]
    pairs = {one + " " + other for one, other in zip(edged, edged[1:])}
    return set(keys) | set(units) | pairs | ({"mark"} if row["mark"] else set())


rows = [json.loads(line) for line in open(f"{OUT}/words.jsonl", encoding="utf-8")]
rows = [(row, asks(row)) for row in rows]
rows = [(row, label) for row, label in rows if label is not None]
sets = [features(row) for row, _ in rows]
counts = collections.Counter(feature for own in sets for feature in own)
number = {feature: at for at, feature in enumerate(sorted(f for f, count in counts.items() if count >= 3))}
matrix = sp.lil_matrix((len(rows), len(number)))
for at, own in enumerate(sets):
    for feature in own:
        if feature in number:
            matrix[at, number[feature]] = 1
matrix = matrix.tocsr()
labels = np.array([label for _, label in rows])
owner = np.array([row["owner"] for row, _ in rows])
weight = np.where(owner == "guide", 0.5, 1.0)


def fit(chosen):
    model = LogisticRegression(C=1.0, penalty="l1", solver="liblinear", max_iter=300)
    return model.fit(matrix[chosen], labels[chosen], sample_weight=weight[chosen])


owners = sorted(set(owner) - {"guide"})
random.seed(1)
random.shuffle(owners)
held_out = np.full(len(rows), 0.97)
for part in range(4):
    held = np.isin(owner, owners[part::4])
    held_out[held] = fit(~held).predict_proba(matrix[held])[:, 1]
own = owner != "guide"
print("area under the curve, owners left out:", round(roc_auc_score(labels[own], held_out[own]), 4))
json.dump({row["text"]: float(p) for (row, _), p in zip(rows, held_out)}, open(f"{OUT}/asking.json", "w"))
model = fit(np.full(len(rows), True))
names = {at: feature for feature, at in number.items()}
with open("src/matcher/asking.tsv", "w", encoding="utf-8") as table:
    table.write("feature\tweight\n" + f"bias\t{model.intercept_[0]:.3f}\n")
    for at in sorted(np.nonzero(model.coef_[0])[0], key=names.get):
        table.write(f"{names[at]}\t{model.coef_[0][at]:.3f}\n")
