"""Writes random-forest.json: made-up numbers, and what scikit-learn's decision tree and random forest predict for them.

Made with scikit-learn 1.2.1. Run: python3 test/reference/random-forest.py
"""

import json
import pathlib

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.tree import DecisionTreeClassifier

generator = np.random.default_rng(20240611)
rows = 1200
fitted = 800
features = generator.normal(size=(rows, 6)).round(1).astype(np.float32)
margin = 1.5 * features[:, 0] * features[:, 1] + features[:, 2] - 0.7 * features[:, 3] - 0.4
labels = (generator.random(rows) < 1 / (1 + np.exp(-margin))).astype(int)


def fit_tree(**options):
    model = DecisionTreeClassifier(random_state=1, **options).fit(features[:fitted], labels[:fitted])
    return {"leaves": int(model.get_n_leaves()), "probabilities": model.predict_proba(features)[:, 1].tolist()}


forest = RandomForestClassifier(n_estimators=500, oob_score=True, random_state=1).fit(features[:fitted], labels[:fitted])
votes = forest.oob_decision_function_[:, 1]
fixture = {
    "fittedRows": fitted,
    "labels": labels.tolist(),
    "features": [[round(float(value), 1) for value in column] for column in features.T],
    "trees": [
        {"parameters": {"maxDepth": 4, "minSamplesLeaf": 7}, **fit_tree(max_depth=4, min_samples_leaf=7)},
        {"parameters": {"minSamplesSplit": 90}, **fit_tree(min_samples_split=90)},
        {
            "parameters": {"maxDepth": 5, "minImpurityDecrease": 0.004},
            **fit_tree(max_depth=5, min_impurity_decrease=0.004),
        },
        {
            "parameters": {"maxDepth": 3, "classWeight": "balanced"},
            **fit_tree(max_depth=3, class_weight="balanced"),
        },
    ],
    "forest": {
        "trees": 500,
        "outOfBagRocAuc": roc_auc_score(labels[:fitted], votes),
        "outOfBagBrierScore": brier_score_loss(labels[:fitted], votes),
        "probabilities": forest.predict_proba(features[fitted:])[:, 1].tolist(),
    },
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(fixture, indent=0) + "\n")
