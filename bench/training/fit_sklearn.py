"""Fits scikit-learn on the rows of two files, once for each question on standard input. Answers in JSON lines.

Missing values are imputed beforehand, by medians. A logistic regression gets standardized numbers and one column a level, made beforehand; a forest gets the
codes of levels as numbers. The AUC is that of the fitted rows, or, where the question says which fold each row is in, of out-of-fold predictions.
"""

import json
import sys
import time

import numpy as np

try:
    import sklearn
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
except ImportError as error:
    print(json.dumps({"absent": str(error)}), flush=True)
    sys.exit()

print(json.dumps({"version": f"scikit-learn {sklearn.__version__}"}), flush=True)
features_file, labels_file, columns, levels = sys.argv[1], sys.argv[2], int(sys.argv[3]), json.loads(sys.argv[4])
features = np.fromfile(features_file, dtype=np.float32).reshape(columns, -1).T.copy()
labels = np.fromfile(labels_file, dtype=np.uint8)
for column in range(columns):
    values = features[:, column]
    values[np.isnan(values)] = np.nanmedian(values)


def encode(column, count):
    values = features[:, column].astype(np.float64)
    if count == 0:
        return ((values - values.mean()) / values.std())[:, None]
    return (values[:, None] == np.arange(count)).astype(np.float64)


def make_model(algorithm, threads, **parameters):
    if algorithm == "random-forest":
        return RandomForestClassifier(n_jobs=threads, random_state=1, **parameters)
    return LogisticRegression(solver="lbfgs", max_iter=1000, **parameters)


encoded = np.hstack([encode(column, count) for column, count in enumerate(levels)])
for line in sys.stdin:
    question = json.loads(line)
    folds = question.pop("folds", None)
    matrix = features if question["algorithm"] == "random-forest" else encoded
    start = time.perf_counter()
    if folds is None:
        model = make_model(**question).fit(matrix, labels)
        seconds = time.perf_counter() - start
        scores = model.predict_proba(matrix)[:, 1]
    else:
        folds = np.array(folds)
        scores = np.zeros(len(labels))
        for fold in range(folds.max() + 1):
            model = make_model(**question).fit(matrix[folds != fold], labels[folds != fold])
            scores[folds == fold] = model.predict_proba(matrix[folds == fold])[:, 1]
        seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "auc": roc_auc_score(labels, scores)}), flush=True)
