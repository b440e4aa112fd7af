"""Fits XGBoost's `hist` on the first rows of two files, once for each question on standard input, and judges it on the others. Answers in JSON lines."""

import json
import sys
import time

import numpy as np

try:
    import xgboost
    from sklearn.metrics import roc_auc_score
except ImportError as error:
    print(json.dumps({"absent": str(error)}), flush=True)
    sys.exit()

print(json.dumps({"version": f"XGBoost {xgboost.__version__}"}), flush=True)
features_file, labels_file, columns, fitted = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
features = np.fromfile(features_file, dtype=np.float32).reshape(columns, -1).T.copy()
labels = np.fromfile(labels_file, dtype=np.uint8)
held = xgboost.DMatrix(features[fitted:])
parameters = {"objective": "binary:logistic", "tree_method": "hist", "max_depth": 6, "max_bin": 255, "eta": 0.1}
for line in sys.stdin:
    threads = json.loads(line)["threads"]
    start = time.perf_counter()
    data = xgboost.DMatrix(features[:fitted], label=labels[:fitted], nthread=threads)
    model = xgboost.train({**parameters, "nthread": threads}, data, 100)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "auc": roc_auc_score(labels[fitted:], model.predict(held))}), flush=True)
