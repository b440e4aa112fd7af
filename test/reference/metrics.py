"""Writes metrics.json: small sets of labels and scores with scikit-learn's metrics of them, SciPy's Kolmogorov-Smirnov statistic, and the lift of the
highest tenth by its definition.

Made with scikit-learn 1.2.1 and SciPy 1.10.1. Run: python3 test/reference/metrics.py
"""

import json
import pathlib
import random

from scipy.stats import ks_2samp
from sklearn import metrics
from sklearn.calibration import calibration_curve


def draw(generator, rows, share, digits):
    labels = [int(generator.random() < share) for _ in range(rows)]
    scores = [min(max(0.3 * label + 0.7 * generator.random(), 0.0), 1.0) for label in labels]
    return labels, [round(score, digits) for score in scores]


def lift(labels, scores):
    """Of scores that tie at the edge of the highest tenth, as many rows as fit count, each as positive as their mean."""
    room = len(labels) / 10
    found = 0
    for score in sorted(set(scores), reverse=True):
        tied = [label for label, other in zip(labels, scores) if other == score]
        taken = min(room, len(tied))
        found += taken * sum(tied) / len(tied)
        room -= taken
    return (found / (len(labels) / 10)) / (sum(labels) / len(labels))


def kolmogorov_smirnov(labels, scores):
    of = lambda label: [score for own, score in zip(labels, scores) if own == label]
    return ks_2samp(of(0), of(1), alternative="greater").statistic


def curve(labels, scores, strategy):
    shares, means = calibration_curve(labels, scores, n_bins=5, strategy=strategy)
    return {"positiveShares": shares.tolist(), "meanScores": means.tolist()}


def measure(labels, scores, threshold):
    decisions = [int(score >= threshold) for score in scores]
    negatives, false_positives, false_negatives, positives = metrics.confusion_matrix(labels, decisions).ravel().tolist()
    return {
        "roc_auc": metrics.roc_auc_score(labels, scores),
        "average_precision": metrics.average_precision_score(labels, scores),
        "log_loss": metrics.log_loss(labels, scores),
        "brier": metrics.brier_score_loss(labels, scores),
        "accuracy": metrics.accuracy_score(labels, decisions),
        "precision": metrics.precision_score(labels, decisions, zero_division=0),
        "recall": metrics.recall_score(labels, decisions),
        "f1": metrics.f1_score(labels, decisions),
        "specificity": metrics.recall_score(labels, decisions, pos_label=0),
        "ks": kolmogorov_smirnov(labels, scores),
        "lift": lift(labels, scores),
        "uniform": curve(labels, scores, "uniform"),
        "quantile": curve(labels, scores, "quantile"),
        "confusion": [positives, false_positives, negatives, false_negatives],
    }


generator = random.Random(20240502)
cases = []
for rows, share, digits, threshold in [(60, 0.5, 6, 0.5), (80, 0.12, 2, 0.3), (80, 0.3, 1, 0.4), (40, 0.9, 3, 0.95), (30, 0.4, 3, 1.01)]:
    labels, scores = draw(generator, rows, share, digits)
    cases.append({"labels": labels, "scores": scores, "threshold": threshold, "expected": measure(labels, scores, threshold)})
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(cases, indent=0) + "\n")
