"""Writes nearest-neighbours.json: the five nearest neighbours of the positive rows of logistic-regression.json that scikit-learn finds in SMOTE-NC's distance.

Numbers are imputed and standardized by all fitted rows. Two different names are as far apart as the median standard deviation of the positives' numbers:
each one-hot column carries that over the square root of two, and a missing name is a level of its own.
Made with scikit-learn 1.2.1. Run: python3 test/reference/nearest-neighbours.py
"""

import json
import pathlib

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.neighbors import NearestNeighbors
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

folder = pathlib.Path(__file__).parent
made_up = json.loads((folder / "logistic-regression.json").read_text())
rows = made_up["rows"][: made_up["fittedRows"]]
positives = np.array([row["label"] == 1 for row in rows])
numbers = np.array([[np.nan if row[name] is None else row[name] for name in ("age", "balance")] for row in rows], dtype=np.float32)
# "contacted" has two values, so it is a name as well.
names = np.array([[str(row[name]) for name in ("job", "contacted", "month")] for row in rows])

standardized = make_pipeline(SimpleImputer(strategy="median"), StandardScaler()).fit_transform(numbers)[positives]
difference = np.median(standardized.std(axis=0))
encoded = OneHotEncoder(sparse_output=False).fit_transform(names)[positives] * difference / np.sqrt(2)
points = np.hstack([standardized, encoded])
distances, neighbours = NearestNeighbors(n_neighbors=6, algorithm="brute").fit(points).kneighbors(points)
fixture = {"neighbours": neighbours[:, 1:].tolist(), "distances": distances[:, 1:].tolist()}
(folder / "nearest-neighbours.json").write_text(json.dumps(fixture, indent=0) + "\n")
