#!/usr/bin/env python3
"""Differences of quantiles with ties: the mid-distribution by numpy, its error by a regression of scores on a constant (statsmodels, HC1), limits recovered
from those of the samples, p by scipy's root of the level at which the interval ends at 0. Usage: /usr/bin/python3 quantiles.py (writes quantiles.json)."""
import datetime, json, pathlib
import numpy as np, scipy, statsmodels, statsmodels.api as sm
from scipy import optimize, stats

rng = np.random.default_rng(20261122)


def curve(y, share):
    """Value at so many errors from the quantile's rank, and how many fit between the smallest and the largest value."""
    v, counts = np.unique(y, return_counts=True)
    mid = (np.cumsum(counts) - 0.5 * counts) / len(y)
    q = float(np.interp(share, mid, v))
    # A score is the mid-distribution's step at the two values around the quantile, weighted to reach the share.
    j = np.searchsorted(mid, share, side="right") - 1
    w = (share - mid[j]) / (mid[j + 1] - mid[j])
    below = lambda value: (y < value) + 0.5 * (y == value)
    fit = sm.OLS((1 - w) * below(v[j]) + w * below(v[j + 1]), np.ones(len(y))).fit(cov_type="HC1")
    assert abs(fit.params[0] - share) < 1e-12
    error = fit.bse[0]
    return lambda z: float(np.interp(share + z * error, mid, v)), q, min(share - mid[0], mid[-1] - share) / error


cases = []
for n, m, share, level, x, y in [
    (30, 41, 0.5, 0.95, lambda k: rng.integers(0, 11, k), lambda k: rng.integers(0, 11, k)),
    (100, 30, 0.5, 0.90, lambda k: rng.poisson(3, k), lambda k: rng.poisson(4, k)),
    (400, 250, 0.75, 0.95, lambda k: rng.poisson(3, k), lambda k: rng.poisson(3, k)),
    (300, 300, 0.9, 0.99, lambda k: rng.geometric(0.1, k), lambda k: rng.geometric(0.1, k)),
    (120, 90, 0.5, 0.95, lambda k: np.where(rng.random(k) < 0.4, 0, 1 + rng.poisson(3, k)), lambda k: np.where(rng.random(k) < 0.3, 0, 1 + rng.poisson(4, k))),
    (60, 60, 0.5, 0.95, lambda k: np.round(rng.lognormal(1, 0.6, k), 1), lambda k: rng.lognormal(1, 0.6, k)),
    (200, 180, 0.5, 0.95, lambda k: rng.poisson(3, k), lambda k: 3 + rng.poisson(3, k)),
]:
    a, b = x(n).astype(float), y(m).astype(float)
    (at, qa, fa), (bt, qb, fb) = curve(a, share), curve(b, share)
    z = stats.norm.isf((1 - level) / 2)
    assert z < min(fa, fb)
    value = qa - qb
    low = value - np.hypot(qa - at(-z), bt(z) - qb)
    high = value + np.hypot(at(z) - qa, qb - bt(-z))
    gap = lambda u: (np.hypot(qa - at(-u), bt(u) - qb) if value > 0 else np.hypot(at(u) - qa, qb - bt(-u))) - abs(value)
    furthest = min(fa, fb)
    # Beyond the values the interval grows in proportion.
    touch = optimize.brentq(gap, 0, furthest, xtol=1e-14) if gap(furthest) > 0 else furthest * abs(value) / (gap(furthest) + abs(value))
    cases.append(dict(x=a.tolist(), y=b.tolist(), share=share, level=level, value=value, low=float(low), high=float(high), p=float(2 * stats.norm.sf(touch))))

out = dict(tool=f"numpy {np.__version__}, scipy {scipy.__version__}, statsmodels {statsmodels.__version__}", date=datetime.date.today().isoformat(), cases=cases)
path = pathlib.Path(__file__).with_name("quantiles.json")
path.write_text(json.dumps(out) + "\n")
for c in cases:
    print(c["value"], c["low"], c["high"], c["p"])
