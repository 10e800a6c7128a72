"""Privacy: rows in rare groups by pandas, cases found by a logistic regression of scikit-learn."""

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

K = 5


def privacy_numbers(folder, o):
    frame = pd.read_csv(folder / o["data"])
    known = o["quasi"].split(",")
    size = frame.groupby(known)[known[0]].transform("size")
    out = []
    below = int((size < K).sum())
    if below:
        out.append({"of": "sensitive-data-exposed", "field": "statistic", "expected": float(below), "tolerance": 0, "how": "pandas groupby: rows in groups below 5"})
    y = (frame[o["target"]] == "yes").to_numpy()
    columns = [c for c in frame.columns if c not in (o["target"], o.get("unit"), "email")]
    x = []
    for c in columns:
        if pd.api.types.is_numeric_dtype(frame[c]):
            x.append((frame[c] - frame[c].mean()) / frame[c].std())
        else:
            x += [(frame[c] == v).astype(float) for v in frame[c].value_counts().index[1:11]]
    x = np.column_stack(x)
    recalls = []
    for seed in range(5):
        fit = LogisticRegression(penalty=None, max_iter=2_000)
        score = cross_val_predict(fit, x, y, cv=StratifiedKFold(3, shuffle=True, random_state=seed), method="decision_function")
        top = np.argsort(-score)[: 2 * y.sum()]
        recalls.append(y[top].sum() / y.sum())
    recall = float(np.mean(recalls))
    out.append({"of": "recall, columns as they are", "field": "value", "expected": recall, "tolerance": 0.04 / recall, "how": "scikit-learn LogisticRegression, 3 folds, mean of 5 draws of them; within 0.04, one standard error of the sample at the small size"})
    return out
