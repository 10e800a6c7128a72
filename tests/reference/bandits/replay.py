"""Replays of bandit rules on logs of even shares, in numpy: UCB1 on the open bandit log, LinUCB on drawn contexts (A inverted anew for every row, where the product updates the inverse).

Run: GNOMON_DATA=... /usr/bin/python3 replay.py (numpy, scipy).
"""
import csv
import datetime
import gzip
import json
import math
import os

import numpy as np
from scipy import stats


def ucb(chosen, reward, arms):
    wins, seen, kept = [0] * arms, [0] * arms, []
    for i, (a, r) in enumerate(zip(chosen, reward)):
        t = sum(seen)
        score = [math.inf if n == 0 else w / n + math.sqrt(2.0 * math.log(t) / n) for w, n in zip(wins, seen)]
        if score.index(max(score)) == a:
            wins[a] += int(r)
            seen[a] += 1
            kept.append(i)
    return kept, seen


def linucb(chosen, reward, x, arms, alpha=1.0):
    k = x.shape[1]
    a_matrix, b, kept = [np.eye(k) for _ in range(arms)], [np.zeros(k) for _ in range(arms)], []
    for i, (a, r) in enumerate(zip(chosen, reward)):
        score = []
        for m, v in zip(a_matrix, b):
            inverse = np.linalg.inv(m)
            score.append(inverse @ v @ x[i] + alpha * math.sqrt(x[i] @ inverse @ x[i]))
        # Arms that nothing was seen of tie exactly; the first of them is taken.
        if next(j for j, s in enumerate(score) if s >= max(score) - 1e-12) == a:
            a_matrix[a] += np.outer(x[i], x[i])
            b[a] += r * x[i]
            kept.append(i)
    return kept, [np.linalg.solve(m, v).tolist() for m, v in zip(a_matrix, b)]


def wilson(s, n, z=stats.norm.ppf(0.975)):
    p = s / n
    centre, half = (p + z * z / (2 * n)) / (1 + z * z / n), z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return centre - half, centre + half


def summary(kept, reward):
    y = np.asarray(reward, float)
    m, n = len(kept), len(y)
    value, logged = y[kept].mean(), y.mean()
    out = {"kept": m, "value": value, "logged": logged, "difference": value - logged, "firstHalf": y[kept[: m // 2]].mean(), "secondHalf": y[kept[m // 2 :]].mean()}
    if set(np.unique(y)) <= {0.0, 1.0}:
        lo, hi = wilson(y[kept].sum(), m)
        blo, bhi = wilson(y.sum(), n)
        out |= {"low": lo, "high": hi, "differenceLow": value - logged - math.hypot(value - lo, bhi - logged), "differenceHigh": value - logged + math.hypot(hi - value, logged - blo)}
    else:
        z = stats.norm.ppf(0.975)
        se = math.sqrt(y[kept].var(ddof=1) / m)
        indicator = np.zeros(n)
        indicator[kept] = 1
        both = math.sqrt(np.sum((indicator * (y - value) / m - (y - logged) / n) ** 2) * m / (m - 1))
        out |= {"low": value - z * se, "high": value + z * se, "differenceLow": value - logged - z * both, "differenceHigh": value - logged + z * both}
    return out


def main():
    rng = np.random.default_rng(8)
    n, arms = 1500, 4
    x = np.round(np.column_stack([np.ones(n), rng.standard_normal((n, 2))]), 4)
    theta = np.array([[0.2, 0.5, 0], [0.1, -0.5, 0.3], [0.3, 0, -0.4], [0.0, 0, 0]])
    chosen = rng.integers(0, arms, n)
    mean = np.einsum("ij,ij->i", x, theta[chosen])
    numbers = np.round(mean + 0.5 * rng.standard_normal(n), 4)
    bits = (rng.random(n) < 1 / (1 + np.exp(-2 * mean))).astype(int)
    kept, coefficients = linucb(chosen, numbers, x, arms)
    linear = {"x": x.tolist(), "chosen": chosen.tolist(), "reward": numbers.tolist(), "coefficients": coefficients, **summary(kept, numbers)}
    kept, seen = ucb(chosen.tolist(), bits.tolist(), arms)
    plain = {"reward": bits.tolist(), "byArm": seen, **summary(kept, bits)}
    with gzip.open(os.path.join(os.environ["GNOMON_DATA"], "experiments/open_bandit/random_men.csv.gz"), "rt") as f:
        rows = sorted(csv.DictReader(f), key=lambda r: r["timestamp"])
    log, click = [int(r["item_id"]) for r in rows], [int(r["click"]) for r in rows]
    kept, _ = ucb(log, click, max(log) + 1)
    json.dump({"tool": f"numpy {np.__version__}", "made": str(datetime.date.today()), "script": "replay.py", "linear": linear, "ucb": plain, "open_bandit": summary(kept, click)}, open("replay.json", "w"), indent=1)


main()
