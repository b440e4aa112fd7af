"""Writes gradient-boosting.json: made-up numbers with missing ones among them, and what scikit-learn's histogram gradient boosting predicts for them.

Made with scikit-learn 1.2.1. Run: python3 test/reference/gradient-boosting.py
"""

import json
import pathlib

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

generator = np.random.default_rng(20240504)
rows = 500
features = generator.normal(size=(rows, 4)).round(2).astype(np.float32)
margin = features[:, 0] * features[:, 1] + features[:, 2] - 0.5
labels = (generator.random(rows) < 1 / (1 + np.exp(-margin))).astype(int)
features[generator.random((rows, 4)) < 0.1] = np.nan


def fit(max_depth, max_leaves, l2):
    model = HistGradientBoostingClassifier(
        max_iter=20,
        learning_rate=0.1,
        max_depth=max_depth,
        max_leaf_nodes=max_leaves,
        min_samples_leaf=1,
        l2_regularization=l2,
        early_stopping=False,
    )
    model.fit(features[:400], labels[:400])
    return {
        "maxDepth": max_depth,
        "maxLeaves": max_leaves,
        "lambda": l2,
        "probabilities": model.predict_proba(features)[:, 1].tolist(),
    }


fixture = {
    "fittedRows": 400,
    "labels": labels.tolist(),
    "features": [[None if np.isnan(value) else round(float(value), 2) for value in column] for column in features.T],
    "fits": [fit(3, None, 1.0), fit(6, 5, 0.5)],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(fixture, indent=0) + "\n")
