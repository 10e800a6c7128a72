"""k-center greedy and near copies by plain numpy loops, shares of a whole by numpy and scipy, ridge logistic regression and weighted kappa by scikit-learn.

    /usr/bin/python3 tests/reference/sampling/make.py
"""

import datetime
import json
import pathlib

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score

rng = np.random.default_rng(20261123)


def center(points, chosen, wanted, allowed):
    """Squared distances coordinate by coordinate; numpy's argmax takes the first of equals."""
    def away(row):
        total = np.zeros(len(points))
        for j in range(points.shape[1]):
            total += (points[:, j] - points[row, j]) ** 2
        return total

    nearest = np.full(len(points), np.inf)
    for row in chosen:
        nearest = np.minimum(nearest, away(row))
    picked = []
    allowed = allowed.copy()
    for _ in range(wanted):
        if not allowed.any():
            break
        row = int(np.argmax(np.where(allowed, nearest, -1.0)))
        picked.append(row)
        allowed[row] = False
        nearest = np.minimum(nearest, away(row))
    return picked, float(np.max(nearest[np.isfinite(nearest)]))


def centers():
    out = []
    for kind in ("ties", "normal", "chosen before"):
        n, d = (120, 2) if kind == "ties" else (300, 8)
        points = rng.integers(0, 5, (n, d)).astype(float) if kind == "ties" else np.round(rng.normal(size=(n, d)), 3)
        chosen = [int(i) for i in rng.choice(n, 7, replace=False)] if kind == "chosen before" else []
        allowed = rng.random(n) < (0.6 if kind == "chosen before" else 1.1)
        allowed[chosen] = False
        picked, farthest = center(points, chosen, 40, allowed)
        out.append({"points": points.ravel().tolist(), "dimensions": d, "chosen": chosen, "allowed": [int(a) for a in allowed], "picked": picked, "farthest": farthest})
    return out


def copies():
    out = []
    for reach, scale in ((0.5, 0.12), (1.0, 1.0)):
        base = rng.normal(size=(60, 5))
        points = np.round(np.repeat(base, 5, axis=0) + scale * 0.3 * rng.normal(size=(300, 5)), 3)
        groups = np.repeat(rng.integers(0, 9, 60), 5)
        leaders = []
        for i, p in enumerate(points):
            near = [j for j in range(i) if leaders[j] == j and groups[j] == groups[i] and np.sqrt(((points[j] - p) ** 2).sum()) <= reach]
            leaders.append(near[0] if near else i)
        out.append({"points": points.ravel().tolist(), "dimensions": 5, "groups": groups.tolist(), "reach": reach, "leaders": leaders})
    return out


def wholes():
    out = []
    for rates, sizes, drawn in (((0.97, 0.6), (4000, 500), (300, 100)), ((0.1, 0.3, 0.02, 0.5), (5000, 800, 20000, 60), (250, 40, 1000, 60)), ((0.001, 0.0, 0.2), (40000, 5000, 300), (2000, 250, 300)), ((0.0, 0.0), (900, 100), (90, 20))):
        hits = [int(rng.binomial(n, p)) for n, p in zip(drawn, rates)]
        N, n, y = np.array(sizes, float), np.array(drawn, float), np.array(hits, float)
        w, f, p = N / N.sum(), n / N, y / n
        # each row weighs one over its chance
        value = float((y * (N / n)).sum() / N.sum())
        error = float(np.sqrt((w**2 * (1 - f) * p * (1 - p) / (n - 1)).sum()))
        # weighted counts by a gamma law, half a hit added where one weighs most; strata read whole are known
        known, open_ = float((w * p)[f == 1].sum()), f < 1
        rest, part, heaviest = w[open_].sum(), (w / n)[open_], np.argmax((w / n)[open_])
        flip = value - known > rest / 2
        count = (n - y if flip else y)[open_] + 0.5 * (np.arange(open_.sum()) == heaviest)
        mean = (part * count).sum()
        spread = (part**2 * count * (1 - f[open_]) * (1 - np.minimum(1, count / n[open_]))).sum()
        low, high = stats.gamma.ppf([0.025, 0.975], mean**2 / spread, scale=spread / mean)
        low, high = (0.0 if count.sum() == 0.5 else low), min(rest, high)
        low, high = (known + rest - high, known + rest - low) if flip else (known + low, known + high)
        out.append({"sizes": sizes, "drawn": drawn, "hits": hits, "value": value, "error": error, "low": float(low), "high": float(high)})
    return out


def grouped():
    out = []
    for groups in (6, 40):
        n, m = rng.integers(0, 30, groups).astype(float), rng.integers(1, 30, groups).astype(float)
        a, b = rng.binomial(n.astype(int), 0.3).astype(float), rng.binomial(m.astype(int), 0.2).astype(float)
        p, q = a.sum() / n.sum(), b.sum() / m.sum()
        part = (a - p * n) / n.sum() - (b - q * m) / m.sum()
        k = groups
        error = np.sqrt(k / (k - 1) * (part**2).sum())
        freedom = min((n > 0).sum(), (m > 0).sum()) - 1
        reach = stats.t.ppf(0.975, freedom) * error
        # a variance from elsewhere on 4 degrees of freedom, Satterthwaite
        extra = 0.6 * error**2
        both = error**2 + extra
        more = stats.t.ppf(0.975, both**2 / (error**4 / freedom + extra**2 / 4)) * np.sqrt(both)
        out.append({"extra": float(extra), "extraLow": float(p - q - more), "extraHigh": float(p - q + more), "hits": a.tolist(), "rows": n.tolist(), "otherHits": b.tolist(), "otherRows": m.tolist(), "difference": p - q, "error": error, "low": p - q - reach, "high": p - q + reach, "above": stats.t.sf((p - q) / error, freedom)})
    return out


def kappas():
    """scikit-learn's weighted kappa; its errors by the infinitesimal jackknife: what a hair more weight on one group does, by central differences of the same function."""
    out = []
    for rows, groups, wrong in ((300, 12, 0.2), (900, 40, 0.03), (200, 9, 0.0)):
        group = rng.integers(0, groups, rows)
        rate = rng.beta(2, 3, groups)[group]
        first = (rng.random(rows) < rate).astype(int)
        second = first ^ (rng.random(rows) < wrong)
        weights = np.where(rng.random(rows) < 0.3, 1.0, rng.choice([4.0, 20.0], rows))
        kappa = lambda w: cohen_kappa_score(first, second, sample_weight=w)
        hair, names = 1e-5, np.unique(group)
        value, k = kappa(weights), len(names)
        slopes = [(kappa(weights * (1 + hair * (group == g))) - kappa(weights * (1 - hair * (group == g)))) / (2 * hair) for g in names]
        error = float(np.sqrt(k / (k - 1) * np.square(slopes).sum()))
        reach = stats.t.ppf(0.975, k - 1) * error
        low, high = value - reach, min(1.0, value + reach)
        if (first == second).all():
            worth, z = weights.sum() ** 2 / (weights**2).sum(), stats.norm.ppf(0.975)
            p = (weights * first).sum() / weights.sum()
            low, high = 1 - z * z / (worth + z * z) / (2 * p * (1 - p)), 1.0
        out.append({"first": first.tolist(), "second": second.tolist(), "weights": weights.tolist(), "groups": group.tolist(), "value": value, "error": error, "low": low, "high": high})
    return out


def ridge():
    out = []
    for n, d, penalty, part in ((200, 4, 1.0, False), (30, 12, 0.5, False), (40, 3, 2.0, True)):
        x = np.round(rng.normal(size=(n, d)), 3)
        y = (x[:, 0] > 0) if part else rng.random(n) < 1 / (1 + np.exp(-(x @ rng.normal(size=d) + 0.3)))
        fit = LogisticRegression(C=1 / penalty, solver="newton-cholesky", tol=1e-13, max_iter=10_000).fit(x, y)
        out.append({"features": x.ravel().tolist(), "columns": d, "target": [int(v) for v in y], "penalty": penalty, "coefficients": [float(fit.intercept_[0]), *map(float, fit.coef_[0])]})
    return out


def main():
    text = {
        "tool": f"numpy {np.__version__}, scipy {scipy.__version__}, scikit-learn {sklearn.__version__}",
        "made": datetime.date.today().isoformat(),
        "tolerance": "rows picked are equal; closed forms to rounding; the regression to the digits at which both iterations stop",
        "centers": centers(), "copies": copies(), "wholes": wholes(), "grouped": grouped(), "ridge": ridge(), "kappas": kappas(),
    }
    pathlib.Path(__file__).with_name("sampling.json").write_text(json.dumps(text, default=float) + "\n")


if __name__ == "__main__":
    main()
