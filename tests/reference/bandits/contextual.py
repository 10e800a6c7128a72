"""LinUCB and linear Thompson sampling in groups, learning each night, in numpy: A is inverted anew each day. One fixed world; runs are drawn by numpy's generator, so agreement is within Monte Carlo error.
Run: /usr/bin/python3 tests/reference/bandits/contextual.py > tests/reference/bandits/contextual.json"""
import json
import sys

import numpy as np

RATES = np.array([[0.20, 0.28], [0.20, 0.16], [0.30, 0.25], [0.10, 0.16]])
PER_DAY, DAYS, RUNS = 120, 12, 1500
G, K = RATES.shape
X = np.column_stack([np.ones(G)] + [np.arange(G) == g for g in range(1, G)]).astype(float)


def run(kind, alpha, rng):
    a, b = np.stack([np.eye(G)] * K), np.zeros((K, G))
    regret = best = 0.0
    for _ in range(DAYS):
        inverse = np.linalg.inv(a)
        theta = np.einsum("kij,kj->ki", inverse, b)
        mean, spread = X @ theta.T, np.sqrt(np.einsum("gi,kij,gj->gk", X, inverse, X))
        c = rng.integers(G, size=PER_DAY)
        score = mean[c] + alpha * spread[c] * (rng.normal(size=(PER_DAY, K)) if kind == "thompson" else 1.0)
        arm = score.argmax(1)
        y = (rng.random(PER_DAY) < RATES[c, arm]).astype(float)
        lost = RATES[c].max(1) - RATES[c, arm]
        regret += lost.sum()
        best += (lost < 1e-12).sum()
        for k in range(K):
            x = X[c[arm == k]]
            a[k] += x.T @ x
            b[k] += x.T @ y[arm == k]
    theta = np.stack([np.linalg.solve(a[k], b[k]) for k in range(K)])
    after = (RATES.max(1) - RATES[np.arange(G), (X @ theta.T).argmax(1)]).mean()
    return regret, best / (PER_DAY * DAYS), after


out = {"tool": f"numpy {np.__version__}", "date": "2026-11-22", "rates": RATES.tolist(), "perDay": PER_DAY, "days": DAYS, "runs": RUNS, "rules": []}
rng = np.random.default_rng(12)
for kind, alpha in (("ucb", 0.5), ("thompson", 0.5), ("ucb", 1.0)):
    r = np.array([run(kind, alpha, rng) for _ in range(RUNS)])
    out["rules"].append({"rule": kind, "exploration": alpha, "regret": r[:, 0].mean(), "regretError": r[:, 0].std(ddof=1) / RUNS**0.5, "best": r[:, 1].mean(), "bestError": r[:, 1].std(ddof=1) / RUNS**0.5, "after": r[:, 2].mean(), "afterError": r[:, 2].std(ddof=1) / RUNS**0.5})
json.dump(out, sys.stdout, indent=1)
