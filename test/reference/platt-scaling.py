"""Writes platt-scaling.json: scores and labels, and the slope and offset that scikit-learn's sigmoid calibration fits to them, polished to full precision.

scikit-learn fits by BFGS, which stops at a gradient of about 1e-5, and at once where scores lie far from 0 (the third case); Newton-CG goes on from there.
Made with scikit-learn 1.2.1 and SciPy 1.10.1. Run: python3 test/reference/platt-scaling.py
"""

import json
import math
import pathlib
import random

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, xlogy
from sklearn.calibration import _SigmoidCalibration


def draw(generator, rows, share, scale, shift):
    labels = [int(generator.random() < share) for _ in range(rows)]
    return labels, [scale * (generator.gauss(0, 1) + 1.5 * label) + shift for label in labels]


def polish(scores, labels, start):
    positives = labels.sum()
    negatives = len(labels) - positives
    targets = np.where(labels == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2))

    def loss(point):
        return -(xlogy(targets, expit(point[0] * scores + point[1])) + xlogy(1 - targets, expit(-point[0] * scores - point[1]))).sum()

    def gradient(point):
        error = expit(point[0] * scores + point[1]) - targets
        return np.array([(scores * error).sum(), error.sum()])

    def hessian(point):
        p = expit(point[0] * scores + point[1])
        w = p * (1 - p)
        return np.array([[(scores * scores * w).sum(), (scores * w).sum()], [(scores * w).sum(), w.sum()]])

    return minimize(loss, start, jac=gradient, hess=hessian, method="Newton-CG", options={"xtol": 1e-14, "maxiter": 1000}).x


generator = random.Random(20240601)
cases = []
for rows, share, scale, shift in [(200, 0.5, 1.0, -0.7), (300, 0.1, 0.3, 0.2), (80, 0.3, 40.0, 1000.0), (40, 0.5, 1.0, 0.0)]:
    labels, scores = draw(generator, rows, share, scale, shift)
    sigmoid = _SigmoidCalibration().fit(np.array(scores), np.array(labels))
    slope, offset = polish(np.array(scores), np.array(labels), [-sigmoid.a_, -sigmoid.b_])
    cases.append({"labels": labels, "scores": scores, "unpolished": -sigmoid.a_, "slope": slope, "offset": offset})
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(cases, indent=0) + "\n")
