"""Saturation over time in numpy: control means on market and moment dummies by weighted least squares, the statistic and its variance written out.
Run: /usr/bin/python3 tests/reference/interference/saturation.py > tests/reference/interference/saturation.json"""
import json

import numpy as np
import scipy
from scipy import stats

rng = np.random.default_rng(23)
markets, moments = 6, 15
cells = [(a, b) for a in range(markets) for b in range(moments) if (a * 7 + b) % 11]
market, moment = np.array(cells).T
size = rng.integers(12, 60, len(cells))
share = 0.2 + 0.04 * moment
treated = rng.binomial(size, share)
controls = size - treated
level = 3 + 0.5 * market - 0.2 * moment
sums = np.round(controls * (level - 1.1 * treated / size) + np.sqrt(controls) * rng.normal(size=len(cells)), 4)

n, s, y = size.astype(float), treated / size, sums / controls
x = np.column_stack([market == k for k in range(markets)] + [moment == k for k in range(1, moments)]).astype(float)
w = np.sqrt(n)[:, None]


def left(v):
    return v - x @ np.linalg.lstsq(x * w, v * w[:, 0], rcond=None)[0]


m, t = left(y), left(s)
p = np.array([(n * s)[moment == k].sum() / n[moment == k].sum() for k in range(moments)])[moment]
statistic, design = np.sum(n * m * s), np.sum(n * m**2 * p * (1 - p))
robust = np.sum((n * m * t) ** 2) * len(n) / (len(n) - x.shape[1])
variance = max(design, robust)
squares = np.sum(n * t**2)
z = statistic / np.sqrt(variance)
print(json.dumps({
    "tool": f"numpy {np.__version__}, scipy {scipy.__version__}", "date": "2026-11-23",
    "market": market.tolist(), "moment": moment.tolist(), "treated": treated.tolist(), "controls": controls.tolist(), "sums": sums.tolist(),
    "design": design, "robust": robust, "slope": statistic / squares, "error": np.sqrt(variance) / squares, "z": z, "p": float(2 * stats.norm.sf(abs(z))),
}, indent=1))
