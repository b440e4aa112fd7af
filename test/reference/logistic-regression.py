"""Writes logistic-regression.json: made-up rows, and what a scikit-learn pipeline (impute, standardize, one-hot, logistic regression) predicts for them.

The pipeline is fitted on the first 400 rows and predicts all; the last rows hold a level that the first do not.
Made with scikit-learn 1.2.1. Run: python3 test/reference/logistic-regression.py
"""

import json
import math
import pathlib
import random

import numpy as np
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

numbers = ["age", "balance", "contacted"]
categories = ["job", "month"]
fitted = 400


def draw(generator, row):
    age = generator.randint(18, 90)
    balance = round(generator.gauss(1500, 3000), 2)
    contacted = int(generator.random() < 0.3)
    job = generator.choice(["clerk", "farmer", "nurse"] if row < fitted else ["clerk", "pilot"])
    month = generator.choice(["may", "may", "june", "july"])
    margin = 0.03 * (age - 50) + 0.0002 * balance + contacted - 1 + {"clerk": 0.5, "farmer": -0.7}.get(job, 0)
    label = int(generator.random() < 1 / (1 + math.exp(-margin)))
    missing = lambda value: None if generator.random() < 0.05 else value
    return {"age": missing(age), "balance": missing(balance), "contacted": contacted, "job": missing(job), "month": missing(month), "label": label}


generator = random.Random(20240503)
rows = [draw(generator, row) for row in range(430)]
features = np.array([[np.nan if row[name] is None else row[name] for name in numbers + categories] for row in rows], dtype=object)
features[:, :3] = features[:, :3].astype(np.float32).astype(np.float64)
labels = np.array([row["label"] for row in rows])


def fit(C, l1_ratio=0, class_weight=None):
    preprocessing = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), [0, 1, 2]),
        (make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore", sparse_output=False)), [3, 4]),
    )
    # SAGA alone knows the elastic net; Newton's method reaches full precision in a few steps.
    solver = {"solver": "saga", "penalty": "elasticnet", "l1_ratio": l1_ratio, "max_iter": 200_000} if l1_ratio else {"solver": "newton-cholesky", "max_iter": 200}
    weights = class_weight if class_weight in (None, "balanced") else {0: class_weight["negative"], 1: class_weight["positive"]}
    model = make_pipeline(preprocessing, LogisticRegression(C=C, class_weight=weights, tol=1e-12, random_state=1, **solver))
    model.fit(features[:fitted], labels[:fitted])
    classifier = model[-1]
    parameters = {"C": C, "l1Ratio": l1_ratio}
    return {
        "parameters": parameters if class_weight is None else parameters | {"classWeight": class_weight},
        "coefficients": classifier.coef_[0].tolist(),
        "intercept": classifier.intercept_[0],
        "probabilities": model.predict_proba(features)[:, 1].tolist(),
    }


fits = [fit(0.01), fit(1), fit(100), fit(1, 0, "balanced"), fit(1, 0, {"negative": 0.5, "positive": 2}), fit(0.05, 1), fit(0.2, 0.5), fit(0.1, 0.7, "balanced")]
fixture = {"fittedRows": fitted, "rows": rows, "fits": fits}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(fixture, indent=0) + "\n")
