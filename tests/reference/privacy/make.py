"""k, l and unique rows by pandas; penalised logistic regression by scikit-learn; the law of whole-number noise by mpmath.

    /usr/bin/python3 tests/reference/privacy/make.py
"""

import datetime
import json
import pathlib

import mpmath as mp
import numpy as np
import pandas as pd
import sklearn
from sklearn.linear_model import LogisticRegression

rng = np.random.default_rng(20261123)
mp.mp.dps = 40


def groups(rows, levels, k):
    columns = [rng.integers(0, n, rows) for n in levels]
    sensitive = rng.integers(0, 4, rows)
    frame = pd.DataFrame({f"c{i}": c for i, c in enumerate(columns)})
    names = list(frame.columns)
    by = frame.assign(s=sensitive).groupby(names)
    size = by.size()
    different = by["s"].nunique()
    share = by["s"].value_counts(normalize=True)
    entropy = -(share * np.log(share)).groupby(level=list(range(len(names)))).sum()
    return {
        "k": k, "columns": [c.tolist() for c in columns], "sensitive": sensitive.tolist(), "classes": len(size), "smallest": int(size.min()), "unique": int((size == 1).sum()),
        "below": int(size[size < k].sum()), "diversity": int(different.min()), "entropy": float(np.exp(entropy.min())), "told": int(size[different == 1].sum()),
    }


def logistic(rows, columns, penalty):
    x = np.round(rng.uniform(-1, 1, (rows, columns)), 4)
    y = rng.random(rows) < 1 / (1 + np.exp(2 - x @ np.linspace(2, -1, columns)))
    z = np.column_stack([np.ones(rows), x]) / np.sqrt(columns + 1)
    fit = LogisticRegression(C=1 / penalty, fit_intercept=False, tol=1e-9, solver="newton-cg", max_iter=1_000).fit(z, y)
    return {"penalty": penalty, "features": x.T.tolist(), "target": y.astype(int).tolist(), "coefficients": (fit.coef_[0] / np.sqrt(columns + 1)).tolist()}


def noise(epsilon, sensitivity):
    a = mp.mpf(epsilon) / sensitivity
    norm = (1 - mp.e ** (-a)) / (1 + mp.e ** (-a))
    points = [-50, -3, -1, 0, 1, 2, 10, 200]
    total = lambda f, lo, hi: mp.nsum(f, [lo, hi])
    variance = 2 * total(lambda z: z * z * norm * mp.e ** (-a * z), 1, mp.inf)
    cdf = [total(lambda z: norm * mp.e ** (-a * abs(z)), -mp.inf, p) if p < 0 else 1 - total(lambda z: norm * mp.e ** (-a * z), p + 1, mp.inf) for p in points]
    bound = 0
    while 2 * total(lambda z: norm * mp.e ** (-a * z), bound + 1, mp.inf) > mp.mpf("0.05"):
        bound += 1
    return {"epsilon": epsilon, "sensitivity": sensitivity, "variance": float(variance), "points": points, "cdf": [float(c) for c in cdf], "bound": bound, "laplaceVariance": float(2 / a**2)}


out = {
    "tool": f"pandas {pd.__version__}, scikit-learn {sklearn.__version__}, mpmath {mp.__version__}",
    "made": datetime.date.today().isoformat(),
    "script": "make.py",
    "groups": [groups(400, (7, 5), 5), groups(300, (12, 9, 2), 3), groups(50, (60,), 2)],
    "logistic": [logistic(300, 4, 1.0), logistic(120, 2, 25.0)],
    "noise": [noise("1", 1), noise("0.1", 1), noise("0.5", 7), noise("3", 2)],
}
(pathlib.Path(__file__).parent / "privacy.json").write_text(json.dumps(out) + "\n")
