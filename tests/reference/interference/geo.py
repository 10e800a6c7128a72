"""Reference values for regions: assignments of an analysis of covariance run in full, pairs swapped in full, and augmented synthetic control with placebo assignments.

Run: /usr/bin/python3 geo.py (numpy, scipy). Errors come from full hat matrices and eigendecompositions; simplex weights from scipy's non-negative least squares on an augmented system; ridge weights from the
primal formula over periods (the product solves the dual over regions from inner products); interval ends by bisection on a grid. No formula is shared with the product.
"""
import datetime
import itertools
import json

import numpy as np
import scipy
from scipy.optimize import nnls


def cr2_t(y, x, cluster):
    bread = np.linalg.inv(x.T @ x)
    beta = bread @ x.T @ y
    e = y - x @ beta
    meat = np.zeros((x.shape[1], x.shape[1]))
    for g in np.unique(cluster):
        i = cluster == g
        values, vectors = np.linalg.eigh(np.eye(i.sum()) - x[i] @ bread @ x[i].T)
        root = vectors @ np.diag(np.where(values > 1e-10, 1 / np.sqrt(np.maximum(values, 1e-300)), 0)) @ vectors.T
        s = x[i].T @ root @ e[i]
        meat += np.outer(s, s)
    v = bread @ meat @ bread
    return beta, v


def ancova_p(y, pre, cluster, treated, delta=0.0):
    arm = np.isin(cluster, treated).astype(float)
    free = y - delta * arm

    def t(a):
        beta, v = cr2_t(free, np.column_stack([np.ones(len(y)), a, pre[cluster]]), cluster)
        return abs(beta[1] / np.sqrt(v[1, 1]))

    seen = t(arm)
    every = [t(np.isin(cluster, c).astype(float)) for c in itertools.combinations(range(len(pre)), len(treated))]
    return float(np.mean([e >= seen * (1 - 1e-9) for e in every])), len(every)


def pairs_p(y, x, delta=0.0):
    n = len(y)

    def t(signs):
        beta, v = cr2_t(signs * (y - delta), np.column_stack([np.ones(n), signs * x]), np.arange(n))
        return abs(beta[0] / np.sqrt(v[0, 0]))

    seen = t(np.ones(n))
    every = [t(np.array(s)) for s in itertools.product([1.0, -1.0], repeat=n)]
    return float(np.mean([e >= seen * (1 - 1e-9) for e in every])), len(every)


def end(p, inside, outside, alpha=0.05):
    for _ in range(45):
        middle = (inside + outside) / 2
        if p(middle) > alpha:
            inside = middle
        else:
            outside = middle
    return outside


def simplex(donors, target):
    """min |target - donors w|^2 + ridge |w|^2 on the simplex; donors are periods x regions."""
    ridge = 1e-6 * np.mean(np.sum(donors**2, axis=0))
    scale = 1e5 * np.sqrt(np.mean(np.sum(donors**2, axis=0)))
    a = np.vstack([donors, np.sqrt(ridge) * np.eye(donors.shape[1]), scale * np.ones((1, donors.shape[1]))])
    b = np.concatenate([target, np.zeros(donors.shape[1]), [scale]])
    return nnls(a, b, maxiter=10_000)[0]


def gaps(series, arms, before, share):
    x = series - series[:, :before].mean(axis=1, keepdims=True)
    size = np.mean(np.sum(x[:, :before] ** 2, axis=1))
    target, donors = x[arms].mean(axis=0), x[~arms]
    w = simplex(donors[:, :before].T, target[:before])
    if np.isfinite(share):
        c = donors[:, :before] - donors[:, :before].mean(axis=0)
        left = target[:before] - w @ donors[:, :before]
        w = w + left @ np.linalg.solve(c.T @ c + share * size * np.eye(before), c.T)
    return target - w @ donors, w


def statistic(gap, before):
    return gap[before:].mean(), np.sqrt(np.mean(gap[:before] ** 2))


def choose(series, before):
    known = min(max(2 * before // 3, 2), before - 1)
    best = None
    for share in (np.inf, 10.0, 1.0, 0.1, 0.01):
        loss = 0.0
        for i in range(len(series)):
            arms = np.arange(len(series)) == i
            gap, _ = gaps(series[:, :before], arms, known, share)
            loss += np.mean(gap[known:] ** 2)
        if best is None or loss < best[1] * (1 - 1e-9):
            best = (share, loss)
    return best[0]


def synthetic(rng, n, k, before, after, effect):
    t = before + after
    common = rng.standard_normal((2, t)).cumsum(axis=1)
    series = np.round(20 + rng.standard_normal((n, 1)) * 5 + rng.standard_normal((n, 2)) @ common + 0.5 * rng.standard_normal((n, t)), 3)
    truly = np.arange(n) < k
    series[truly, before:] += effect
    share = choose(series, before)
    gap, w = gaps(series, truly, before, share)
    mean, misfit = statistic(gap, before)
    splits = [np.isin(np.arange(n), c) for c in itertools.combinations(range(n), k)]

    def p(delta):
        free = series.copy()
        free[truly, before:] -= delta
        seen = abs(np.divide(*statistic(gaps(free, truly, before, share)[0], before)))
        return float(np.mean([abs(np.divide(*statistic(gaps(free, a, before, share)[0], before))) >= seen * (1 - 1e-7) for a in splits]))

    alpha = 0.1
    item = {"series": series.tolist(), "treated": k, "before": before, "penalty": None if np.isinf(share) else share, "gap": mean, "misfit": misfit, "p": p(0.0), "assignments": len(splits), "weights": w.tolist(), "level": 1 - alpha}
    # The outermost effect kept, looked for on a fine grid that starts far out.
    reach = 12 * misfit + abs(mean)
    for name, side in (("low", -1), ("high", 1)):
        grid = mean + side * reach * np.linspace(1, 0, 241)
        at = next(i for i, d in enumerate(grid) if p(d) > alpha)
        item[name] = float(end(p, grid[at], grid[at - 1], alpha)) if at > 0 else None
    ratios = []
    for a in splits:
        g = gaps(series, a, before, share)[0]
        ratios.append(np.mean(g[before:] ** 2) / np.mean(g[:before] ** 2))
    own = np.mean(gap[before:] ** 2) / np.mean(gap[:before] ** 2)
    item["ratioP"] = float(np.mean(np.array(ratios) >= own * (1 - 1e-7)))
    return item


def main():
    rng = np.random.default_rng(21)
    ancova = []
    for g, k, effect in ((8, 4, 1.5), (9, 3, 0.0)):
        sizes = rng.integers(1, 6, g)
        cluster = np.repeat(np.arange(g), sizes)
        pre = np.round(rng.normal(10, 3, g), 3)
        treated = list(range(k))
        y = np.round(pre[cluster] + effect * np.isin(cluster, treated) + 0.6 * rng.standard_normal(g)[cluster] + rng.standard_normal(len(cluster)), 3)
        p, count = ancova_p(y, pre, cluster, treated)
        item = {"y": y.tolist(), "cluster": cluster.tolist(), "pre": pre.tolist(), "treated": k, "p": p, "assignments": count}
        if g == 8:
            item["low"] = end(lambda d: ancova_p(y, pre, cluster, treated, d)[0], effect, effect - 30)
            item["high"] = end(lambda d: ancova_p(y, pre, cluster, treated, d)[0], effect, effect + 30)
        ancova.append(item)
    x = np.round(rng.normal(0, 4, 7), 3)
    y = np.round(1.2 + x + rng.standard_normal(7), 3)
    p, count = pairs_p(y, x)
    pairs = {"y": y.tolist(), "x": x.tolist(), "p": p, "assignments": count, "low": end(lambda d: pairs_p(y, x, d)[0], 1.2, -20), "high": end(lambda d: pairs_p(y, x, d)[0], 1.2, 20)}
    sets = [synthetic(rng, 14, 1, 24, 8, 3.0), synthetic(rng, 9, 2, 20, 6, 0.0), synthetic(rng, 20, 1, 12, 5, 2.0)]
    json.dump({"tool": f"numpy {np.__version__}, scipy {scipy.__version__}", "made": str(datetime.date.today()), "script": "geo.py", "ancova": ancova, "pairs": pairs, "synthetic": sets}, open("geo.json", "w"), indent=1)


main()
