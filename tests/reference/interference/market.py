"""A market with both sides assigned: cell contrasts with errors by buyer and by seller, as a saturated regression with two-way clustered errors in statsmodels (no correction), then with n / (n - 1) per arm in numpy.

Run: /usr/bin/python3 market.py (numpy, scipy, statsmodels).
"""
import datetime
import json

import numpy as np
import statsmodels
import statsmodels.api as sm
from scipy import stats


def main():
    rng = np.random.default_rng(12)
    nb, ns = 14, 11
    b, s = np.arange(nb) < 6, np.arange(ns) < 5
    y = np.round(5 + rng.normal(0, 1, (nb, 1)) + rng.normal(0, 0.7, (1, ns)) + 0.8 * b[:, None] - 0.5 * s + 1.2 * np.outer(b, s) + rng.normal(0, 1, (nb, ns)), 3)
    i, j = np.repeat(np.arange(nb), ns), np.tile(np.arange(ns), nb)
    x = np.column_stack([np.ones(nb * ns), b[i], s[j], b[i] & s[j]]).astype(float)
    fit = sm.OLS(y.ravel(), x).fit(cov_type="cluster", cov_kwds={"groups": np.column_stack([i, j]), "use_correction": False})
    out = {}
    for name, c in {"total": [0, 1, 1, 1], "direct": [0, 0, 0, 1], "buyer": [0, 1, 0, 0], "seller": [0, 0, 1, 0]}.items():
        c = np.array(c, float)
        influence = (np.linalg.inv(x.T @ x) @ c @ x.T) * fit.resid
        rows, columns = np.bincount(i, influence), np.bincount(j, influence)
        plain = rows @ rows + columns @ columns - influence @ influence
        assert abs(plain - c @ fit.cov_params() @ c) < 1e-10 * plain
        grow = lambda v, arm: np.sum(v**2 * np.where(arm, arm.sum() / (arm.sum() - 1), (~arm).sum() / ((~arm).sum() - 1)))
        one, two = grow(rows, b), grow(columns, s)
        error = np.sqrt(max(one + two - influence @ influence, one, two))
        df = min(nb, ns) - 2
        out[name] = {"value": float(c @ fit.params), "error": float(error), "p": float(2 * stats.t.sf(abs(c @ fit.params / error), df))}
    json.dump({"tool": f"statsmodels {statsmodels.__version__}", "made": str(datetime.date.today()), "script": "market.py", "y": y.tolist(), "buyers": b.tolist(), "sellers": s.tolist(), **out}, open("market.json", "w"), indent=1)


main()
