"""Writes support-vector.json: what scikit-learn's SVC decides on the rows of logistic-regression.json, behind the same preprocessing.

Each is fitted on the first 400 rows to a tolerance far below the usual and decides all; the last rows hold a level that the first do not.
Made with scikit-learn 1.2.1. Run: python3 test/reference/support-vector.py
"""

import json
import pathlib

import numpy as np
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC

folder = pathlib.Path(__file__).parent
made_up = json.loads((folder / "logistic-regression.json").read_text())
rows, fitted = made_up["rows"], made_up["fittedRows"]
names = ["age", "balance", "contacted", "job", "month"]
features = np.array([[np.nan if row[name] is None else row[name] for name in names] for row in rows], dtype=object)
features[:, :3] = features[:, :3].astype(np.float32).astype(np.float64)
labels = np.array([row["label"] for row in rows])


def fit(kernel, C, gamma="scale", class_weight=None):
    preprocessing = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), [0, 1, 2]),
        (make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore", sparse_output=False)), [3, 4]),
    )
    weights = class_weight if class_weight in (None, "balanced") else {0: class_weight["negative"], 1: class_weight["positive"]}
    model = make_pipeline(preprocessing, SVC(kernel=kernel, C=C, gamma=gamma, class_weight=weights, tol=1e-6))
    model.fit(features[:fitted], labels[:fitted])
    parameters = {"kernel": kernel, "C": C, "gamma": gamma}
    return {
        "parameters": parameters if class_weight is None else parameters | {"classWeight": class_weight},
        "decisions": model.decision_function(features).tolist(),
        "supportVectors": int(model[-1].n_support_.sum()),
    }


fits = [
    fit("rbf", 1),
    fit("rbf", 10, "auto"),
    fit("rbf", 0.5, 0.3, "balanced"),
    fit("rbf", 2, "scale", {"negative": 1, "positive": 3.5}),
    fit("linear", 1),
    fit("linear", 0.1, "scale", "balanced"),
]
(folder / "support-vector.json").write_text(json.dumps(fits, indent=0) + "\n")
