"""Rank-score tests of quantile regression, and quantile regression of an outcome that repeats, by brute force with scipy.

The continuous model is solved by linear programming (HiGHS), whose dual values are the rank scores; the spread model by scipy's trust-region Newton method on the mean check function.
Run: /usr/bin/python3 tests/reference/regression/make_rank_score.py > tests/reference/regression/rank-score.json
"""

import json

import numpy as np
from scipy import optimize, stats


def cells(y):
    values = np.unique(y)
    cuts = (values[1:] + values[:-1]) / 2
    edges = np.r_[2 * values[0] - cuts[0], cuts, 2 * values[-1] - cuts[-1]]
    at = np.searchsorted(values, y)
    return edges[at], edges[at + 1]


def spread_fit(x, y, tau, offset=None):
    low, high = cells(y)
    offset = np.zeros(len(y)) if offset is None else offset

    def share(b):
        return np.clip((x @ b + offset - low) / (high - low), 0, 1)

    def loss(b):
        at = x @ b + offset
        inside = np.clip(at, low, high)
        # The integral of the share below, plus what is linear.
        below = (inside - low) ** 2 / (2 * (high - low)) + np.maximum(at - high, 0)
        return np.sum(below - tau * (at - (low + high) / 2))

    def slope(b):
        return x.T @ (share(b) - tau)

    def bend(b):
        at = x @ b + offset
        return (x * (((at > low) & (at < high)) / (high - low))[:, None]).T @ x

    b = np.linalg.lstsq(x, y - offset, rcond=None)[0]
    for method in ("trust-exact", "trust-exact"):
        b = optimize.minimize(loss, b, jac=slope, hess=bend, method=method, options={"gtol": 1e-11, "maxiter": 2000}).x
    assert np.abs(slope(b)).max() < 1e-7, np.abs(slope(b)).max()
    return b, tau - share(b), loss(b)


def vertex_fit(x, y, tau, offset=None):
    target = y if offset is None else y - offset
    found = optimize.linprog(-target, A_eq=x.T, b_eq=(1 - tau) * x.sum(0), bounds=(0, 1), method="highs")
    b = -found.eqlin.marginals
    r = target - x @ b
    return b, found.x - (1 - tau), np.sum(r * (tau - (r < 0)))


def bandwidth(n, tau):
    z = stats.norm.ppf(tau)
    return n ** (-1 / 3) * stats.norm.isf(0.025) ** (2 / 3) * (1.5 * stats.norm.pdf(z) ** 2 / (2 * z * z + 1)) ** (1 / 3)


def study(x, y, tau, fit):
    n, k = x.shape
    h = bandwidth(n, tau)
    while tau - h <= 0 or tau + h >= 1:
        h /= 2
    sigma = np.sqrt(np.sum((y - x @ np.linalg.lstsq(x, y, rcond=None)[0]) ** 2) / (n - k))
    density = np.maximum(0, 2 * h / (x @ (fit(x, y, tau + h)[0] - fit(x, y, tau - h)[0]) - 1e-10 * sigma))
    middle = np.sort(density)[n // 2]
    weights = np.clip(density, middle / 4, middle * 4)
    b, scores, objective = fit(x, y, tau)
    bread = np.linalg.inv((x * density[:, None]).T @ x)
    variance = tau * (1 - tau) if fit is vertex_fit else np.mean(scores**2)
    errors = np.sqrt(variance * np.diag(bread @ (x.T @ x) @ bread))

    def root(j, value):
        free = np.delete(x, j, 1)
        score = fit(free, y, tau, value * x[:, j])[1]
        inner = np.linalg.solve((free * weights[:, None]).T @ free, (free * weights[:, None]).T @ x[:, j])
        rest = x[:, j] - free @ inner
        return x[:, j] @ score / np.sqrt(np.sum(score**2) / (n - k + 1) * np.sum(rest**2))

    def end(j, side):
        reach = stats.norm.isf(0.025)
        inside, outside = b[j], b[j] + side * reach * errors[j]
        while -side * root(j, outside) <= reach:
            inside, outside = outside, outside + side * reach * errors[j]
        while abs(outside - inside) > 1e-8 * errors[j]:
            at = (inside + outside) / 2
            inside, outside = (inside, at) if -side * root(j, at) > reach else (at, outside)
        return inside

    return {
        "coefficients": list(b), "errors": list(errors), "objective": objective,
        "p": [2 * stats.norm.sf(abs(root(j, 0.0))) for j in range(k)],
        "low": [end(j, -1) for j in range(1, k)], "high": [end(j, 1) for j in range(1, k)],
    }


rng = np.random.default_rng(20)
result = {}
n = 90
group, x = rng.integers(0, 2, n).astype(float), rng.normal(size=n).round(3)
design = np.c_[np.ones(n), group, x]
counts = rng.poisson(np.exp(1 + 0.3 * group + 0.2 * x)).astype(float)
amounts = (2 + 0.8 * group + 0.5 * x + (1 + 0.5 * group) * rng.normal(size=n)).round(4)
result["group"], result["x"], result["counts"], result["amounts"] = list(group), list(x), list(counts), list(amounts)
for tau in (0.47, 0.83):
    result[f"counts-{tau}"] = study(design, counts, tau, spread_fit)
    result[f"amounts-{tau}"] = study(design, amounts, tau, vertex_fit)
print(json.dumps(result, indent=1))
