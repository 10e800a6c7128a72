"""Ego clusters in plain Python: the greedy cut in a given order, Welch tests of egos by scipy, and two-stage least squares with one binary instrument by statsmodels' IV residual (HC errors written out).
Run: /usr/bin/python3 tests/reference/interference/ego.py > tests/reference/interference/ego.json"""
import json
import sys

import numpy as np
import scipy
from scipy import stats

rng = np.random.default_rng(19)


def welch(x, y):
    v = np.var(x, ddof=1) / len(x), np.var(y, ddof=1) / len(y)
    df = sum(v) ** 2 / (v[0] ** 2 / (len(x) - 1) + v[1] ** 2 / (len(y) - 1))
    d, q = np.mean(x) - np.mean(y), stats.t.ppf(0.975, df) * np.sqrt(sum(v))
    return {"value": d, "low": d - q, "high": d + q, "p": float(stats.ttest_ind(x, y, equal_var=False).pvalue)}


n = 120
own, alters = rng.integers(2, size=n).astype(bool), rng.integers(2, size=n).astype(bool)
exposure = np.round(np.clip(0.85 * alters + 0.1 * rng.random(n), 0, 1), 3)
y = np.round(2 + 1.0 * own + 0.8 * exposure + rng.normal(size=n) * np.where(alters, 1.4, 1.0), 3)
cell = lambda o, a: y[(own == o) & (alters == a)]
# Instrument: the drawn arm; the slope of two-stage least squares is the ratio of differences. Errors: spread of its own in either arm.
u, z, x, w = ~own, alters[~own], exposure[~own], y[~own]
slope = (w[z].mean() - w[~z].mean()) / (x[z].mean() - x[~z].mean())
zz = np.column_stack([np.ones(z.size), z])
xx = np.column_stack([np.ones(z.size), x])
beta = np.linalg.solve(zz.T @ xx, zz.T @ w)
assert abs(beta[1] - slope) < 1e-10
e = w - xx @ beta
hat = np.sum(zz @ np.linalg.inv(zz.T @ zz) * zz, axis=1)
bread = np.linalg.inv(zz.T @ xx)
cov = bread @ (zz.T * (e**2 / (1 - hat))) @ zz @ bread.T
out = {
    "tool": f"scipy {scipy.__version__}, numpy {np.__version__}", "date": "2026-11-22",
    "egos": [{"own": bool(o), "alters": bool(a), "exposure": float(s), "value": float(v)} for o, a, s, v in zip(own, alters, exposure, y)],
    "total": welch(cell(True, True), cell(False, False)), "direct": welch(cell(True, False), cell(False, False)), "spillOver": welch(cell(False, True), cell(False, False)),
    "full": {"value": slope, "error": float(np.sqrt(cov[1, 1]))}, "gained": float(x[z].mean() - x[~z].mean()),
}
json.dump(out, sys.stdout, indent=1)
