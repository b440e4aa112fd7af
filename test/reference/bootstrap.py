"""Writes bootstrap.json: labels and scores with 95 % percentile bootstrap intervals, by SciPy, of metrics by scikit-learn.

Made with scikit-learn 1.2.1 and SciPy 1.10.1. Run: python3 test/reference/bootstrap.py
"""

import json
import pathlib
import random

import numpy
from scipy.stats import bootstrap
from sklearn import metrics

measures = {
    "roc_auc": metrics.roc_auc_score,
    "average_precision": metrics.average_precision_score,
    "log_loss": metrics.log_loss,
    "recall": lambda labels, scores: metrics.recall_score(labels, scores >= 0.5),
}


def interval(labels, scores, measure):
    found = bootstrap(
        (numpy.array(labels), numpy.array(scores)),
        lambda labels, scores: measure(labels, scores),
        paired=True,
        vectorized=False,
        n_resamples=20_000,
        method="percentile",
        random_state=1,
    ).confidence_interval
    return [found.low, found.high]


generator = random.Random(5)
labels = [int(generator.random() < 0.3) for _ in range(300)]
scores = [round(min(max(0.3 * label + 0.7 * generator.random(), 0.001), 0.999), 3) for label in labels]
reference = {
    "labels": labels,
    "scores": scores,
    "intervals": {name: interval(labels, scores, measure) for name, measure in measures.items()},
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(reference) + "\n")
