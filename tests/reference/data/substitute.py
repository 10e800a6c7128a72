"""Breaks of level, areas under the curve of two scores of the same rows: brute force in numpy.

    /usr/bin/python3 tests/reference/data/substitute.py
"""

import datetime
import json
import pathlib

import numpy as np

rng = np.random.default_rng(20261123)


def long_run(r):
    n = len(r)
    lags = int(np.floor(4 * (n / 100) ** (2 / 9)))
    gamma = [r[lag:] @ r[: n - lag] / n for lag in range(lags + 1)]
    rho = gamma[1] / gamma[0]
    rho = min(max(rho + (2 + 4 * rho) / n, 0), 0.97)
    return max(gamma[0] * (1 + rho) / (1 - rho), gamma[0] + 2 * sum((1 - lag / (lags + 1)) * gamma[lag] for lag in range(1, lags + 1)))


def level_break(y):
    n = len(y)
    places = range(int(np.ceil(0.15 * n)), int(np.floor(0.85 * n)) + 1)

    def residuals(k):
        return np.concatenate([y[:k] - y[:k].mean(), y[k:] - y[k:].mean()])

    k = min(places, key=lambda k: residuals(k) @ residuals(k))
    r = residuals(k)
    variance = long_run(r) * n / (n - 2)
    a, b = y[:k].mean(), y[k:].mean()
    f = (b - a) ** 2 / (variance * (1 / k + 1 / (n - k)))
    errors = np.array([[y[i] - y[:i].mean(), y[i] - y[k:i].mean()] for i in range(k + 3, n)])
    rms = np.sqrt((errors**2).mean(0))
    return {"values": [round(v, 6) for v in y], "before": k, "supF": f, "meanBefore": a, "meanAfter": b, "deviation": np.sqrt(r @ r / (n - 2)), "errorOfAll": rms[0], "errorOfNew": rms[1]}


def pair():
    m, n = 40, 90
    common = np.concatenate([rng.normal(1, 1, m), rng.normal(0, 1, n)])
    first, second = (np.round(common + rng.normal(0, s, m + n), 1) for s in (0.5, 1.2))
    positive = np.arange(m + n) < m

    def psi(s):
        x, y = s[positive][:, None], s[~positive][None, :]
        return (x > y) + 0.5 * (x == y)

    a, b = psi(first), psi(second)
    error = np.sqrt(np.var(a.mean(1) - b.mean(1), ddof=1) / m + np.var(a.mean(0) - b.mean(0), ddof=1) / n)
    return {"first": first.tolist(), "second": second.tolist(), "positive": positive.astype(int).tolist(), "areaFirst": a.mean(), "areaSecond": b.mean(), "error": error}


def series(n, shift, at, rho):
    e = rng.normal(size=n)
    y = np.empty(n)
    y[0] = e[0]
    for i in range(1, n):
        y[i] = rho * y[i - 1] + e[i]
    return np.round(y + shift * (np.arange(n) >= at), 6)


out = {
    "tool": f"numpy {np.__version__}",
    "made": datetime.date.today().isoformat(),
    "script": "substitute.py",
    "breaks": [level_break(series(*s)) for s in ((20, 2, 12, 0), (60, 1.5, 45, 0.3), (61, 0, 1, 0), (200, 0.7, 90, 0.5))],
    "pairs": [pair() for _ in range(3)],
}
(pathlib.Path(__file__).parent / "substitute.json").write_text(json.dumps(out) + "\n")
