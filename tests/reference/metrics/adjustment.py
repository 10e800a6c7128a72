#!/usr/bin/env python3
"""Post-stratification as a saturated regression with HC2 errors, and cross-fitted ridge predictions row by row. Usage: /usr/bin/python3 adjustment.py (writes adjustment.json beside itself)."""
import datetime, json, pathlib
import numpy as np, statsmodels, statsmodels.api as sm

rng = np.random.default_rng(20261122)
strata = []
for n, k, effect in [(400, 4, 0.5), (150, 3, -1.0), (2000, 6, 0.0)]:
    s = rng.integers(0, k, n)
    t = rng.integers(0, 2, n)
    y = np.round(2.0 * s + effect * t * (1 + s) + rng.normal(0, 1 + s, n), 6)
    w = np.array([(s == j).mean() for j in range(k)])
    x = np.zeros((n, 2 * k))
    for j in range(k):
        x[:, 2 * j] = (s == j) & (t == 0)
        x[:, 2 * j + 1] = (s == j) & (t == 1)
    fit = sm.OLS(y, x).fit(cov_type="HC2")
    c = np.zeros(2 * k)
    c[0::2], c[1::2] = -w, w
    tau = fit.params[1::2] - fit.params[0::2]
    value = float(c @ fit.params)
    sample = float(np.sqrt(c @ fit.cov_params() @ c))
    # Units are a sample: the strata's shares are estimated too.
    population = float(np.sqrt(sample ** 2 + (w * (tau - value) ** 2).sum() / n))
    strata.append(dict(s=s.tolist(), t=t.tolist(), y=y.tolist(), value=value, sample=sample, population=population, control=float(w @ fit.params[0::2])))

PENALTIES = [1e-6, 1e-4, 1e-3, 1e-2, 0.03, 0.1, 0.3, 1, 3]


def ridge(z, y, arm, rows, penalty):
    zc, yc = z[rows].copy(), y[rows].copy()
    for a in (0, 1):
        m = arm[rows] == a
        zc[m] -= zc[m].mean(0)
        yc[m] -= yc[m].mean()
    return np.linalg.solve(zc.T @ zc + penalty * len(rows) * np.eye(z.shape[1]), zc.T @ yc)


def error(z, y, arm, rows, b):
    total = 0.0
    for a in (0, 1):
        m = rows[arm[rows] == a]
        r = (y[m] - y[m].mean()) - (z[m] - z[m].mean(0)) @ b
        total += r @ r
    return total


crossfit = []
for n, folds, noise in [(200, 5, 1.0), (120, 3, 4.0)]:
    # Fewer than ten values each: no hinges, so that the model is plain ridge on three columns and one indicator.
    a, b, c = rng.integers(0, 6, n).astype(float), rng.integers(0, 4, n).astype(float), rng.integers(0, 2, n)
    arm = rng.integers(0, 2, n)
    fold = rng.integers(0, folds, n)
    y = np.round(a - 0.5 * b + 2 * c + 3 * arm + noise * rng.normal(size=n), 6)
    common = 1 if (c == 1).sum() > (c == 0).sum() else 0
    z = np.column_stack([a, b, (c != common).astype(float)])
    z = (z - z.mean(0)) / z.std(0)
    scale = y.std()
    ys = (y - y.mean()) / scale
    values, chosen = np.zeros(n), []
    for k in range(folds):
        others = [f for f in range(folds) if f != k]
        errors = np.zeros(len(PENALTIES))
        for left in others:
            train = np.flatnonzero(np.isin(fold, [f for f in others if f != left]))
            test = np.flatnonzero(fold == left)
            for i, p in enumerate(PENALTIES):
                errors[i] += error(z, ys, arm, test, ridge(z, ys, arm, train, p))
        p = PENALTIES[int(np.argmin(errors))]
        train = np.flatnonzero(fold != k)
        held = fold == k
        values[held] = (z[held] - z[train].mean(0)) @ ridge(z, ys, arm, train, p) * scale
        chosen.append(p)
    crossfit.append(dict(a=a.tolist(), b=b.tolist(), c=c.tolist(), arm=arm.tolist(), fold=fold.tolist(), folds=folds, y=y.tolist(), values=values.tolist(), penalties=chosen))

out = dict(made=datetime.date.today().isoformat(), tools=dict(numpy=np.__version__, statsmodels=statsmodels.__version__), strata=strata, crossfit=crossfit)
pathlib.Path(__file__).with_name("adjustment.json").write_text(json.dumps(out) + "\n")
