"""Independent answers for factorial experiments.

statsmodels (OLS with HC2 errors, Logit), scipy and numpy on small data made here and on two classical data sets; R's aov and lm are the second source for those
(make.R, same folder). Run from the repository root:

    GNOMON_DATA=... python3 tests/reference/factorial/make.py
"""

import itertools
import json
import os
import pathlib
import platform

import numpy as np
import pandas as pd
import scipy
import scipy.stats as st
import statsmodels
import statsmodels.api as sm
import statsmodels.formula.api as smf

HERE = pathlib.Path(__file__).parent
DATA = pathlib.Path(os.environ.get("GNOMON_DATA", "data"))


def johansen(means, variances, dfs, contrasts):
    """Welch-James statistic with Johansen's (1980) correction, written from the paper's matrix form."""
    s = np.diag(variances)
    c = np.atleast_2d(contrasts)
    middle = np.linalg.inv(c @ s @ c.T)
    t = float((c @ means) @ middle @ (c @ means))
    a = 0.0
    full = s @ c.T @ middle @ c
    for j, df in enumerate(dfs):
        q = np.zeros_like(s)
        q[j, j] = 1
        a += (np.trace(full @ q @ full @ q) + np.trace(full @ q) ** 2) / df
    a /= 2
    r = c.shape[0]
    f = t / (r + 2 * a - 6 * a / (r + 2))
    d = r * (r + 2) / (3 * a)
    return {"f": f, "df": r, "denominator": d, "p": float(st.f.sf(f, r, d))}


def coded(column, levels):
    """Effect coding: level 0 is -1 everywhere, level j is 1 in column j - 1."""
    return np.column_stack([np.where(column == 0, -1.0, np.where(column == j, 1.0, 0.0)) for j in range(1, levels)])


def small(levels, seed, per):
    rng = np.random.default_rng(seed)
    rows = []
    for cell in itertools.product(*[range(l) for l in levels]):
        n = per + sum(cell) % 3
        mean = 10 + 2 * cell[0] + (cell[1] ** 2) * 0.7 + 1.2 * cell[0] * cell[1]
        for v in np.round(rng.normal(mean, 1 + cell[0] + 0.5 * cell[1], n), 4):
            rows.append((*cell, float(v)))
    return rows


def ols(rows, levels):
    frame = np.array(rows)
    y = frame[:, -1]
    k = len(levels)
    terms = [t for r in range(1, k + 1) for t in itertools.combinations(range(k), r)]
    blocks = [np.ones((len(y), 1))]
    where = {}
    at = 1
    for term in terms:
        columns = np.ones((len(y), 1))
        for f in term:
            own = coded(frame[:, f], levels[f])
            columns = np.column_stack([columns[:, i] * own[:, j] for i in range(columns.shape[1]) for j in range(own.shape[1])])
        blocks.append(columns)
        where[term] = (at, columns.shape[1])
        at += columns.shape[1]
    fit = sm.OLS(y, np.column_stack(blocks)).fit(cov_type="HC2", use_t=False)
    cells = list(itertools.product(*[range(l) for l in levels]))
    group = [y[(frame[:, :-1] == c).all(axis=1)] for c in cells]
    means = np.array([g.mean() for g in group])
    variances = np.array([g.var(ddof=1) / len(g) for g in group])
    dfs = [len(g) - 1 for g in group]
    model = []
    for c in cells:
        row = [1.0]
        for term in terms:
            own = [1.0]
            for f in term:
                code = [-1.0] * (levels[f] - 1) if c[f] == 0 else [1.0 if c[f] == j else 0.0 for j in range(1, levels[f])]
                own = [a * b for a in own for b in code]
            row += own
        model.append(row)
    weights = np.linalg.inv(np.array(model))
    out = []
    for term in terms:
        start, count = where[term]
        contrasts = []
        for to in itertools.product(*[range(1, levels[f]) for f in term]):
            own = np.array([1.0])
            for f, l in zip(term, to):
                high = np.array([1.0 if l == j else 0.0 for j in range(1, levels[f])])
                own = np.outer(own, high + 1.0).ravel()
            vector = np.zeros(len(fit.params))
            vector[start:start + count] = own
            test = fit.t_test(vector)
            on_cells = vector @ weights
            v = on_cells**2 * variances
            df = v.sum() ** 2 / (v**2 / dfs).sum()
            value, error = float(np.squeeze(test.effect)), float(np.squeeze(test.sd))
            contrasts.append({"to": to, "value": value, "se": error, "df": float(df), "p": float(2 * st.t.sf(abs(value / error), df)),
                              "low": value - st.t.ppf(0.975, df) * error, "high": value + st.t.ppf(0.975, df) * error})
        out.append({"term": term, "contrasts": contrasts, "test": johansen(means, variances, dfs, weights[start:start + count])})
    return out


def logit(counts):
    """counts: (a, b, events, n)."""
    rows = [(a, b, y) for a, b, x, n in counts for y in [1] * x + [0] * (n - x)]
    f = np.array(rows, float)
    a, b = 2 * f[:, 0] - 1, 2 * f[:, 1] - 1
    fit = sm.Logit(f[:, 2], np.column_stack([np.ones(len(a)), a, b, a * b])).fit(disp=0, tol=1e-14, method="newton", maxiter=100)
    scale = [2, 2, 4]
    return [{"value": float(s * fit.params[i]), "se": float(s * fit.bse[i]), "p": float(fit.pvalues[i])} for i, s in zip((1, 2, 3), scale)]


def morris(y, v):
    """Morris 1983: the equation for tau2 solved by bisection, independently of a fixed-point iteration."""
    y, v = np.array(y), np.array(v)
    k = len(y)

    def gap(tau2):
        w = 1 / (v + tau2)
        mu = (w * y).sum() / w.sum()
        return (w * (k / (k - 1) * (y - mu) ** 2 - v)).sum() / w.sum() - tau2

    low, high = 0.0, float(((y - y.mean()) ** 2).sum() * 10)
    if gap(0.0) <= 0:
        tau2 = 0.0
    else:
        for _ in range(300):
            mid = (low + high) / 2
            low, high = (mid, high) if gap(mid) > 0 else (low, mid)
        tau2 = (low + high) / 2
    w = 1 / (v + tau2)
    mu = (w * y).sum() / w.sum()
    return (y - (k - 3) / (k - 1) * v / (v + tau2) * (y - mu)).tolist()


def blocked(frame):
    """Post-stratified 2 x 2: cells averaged over blocks by block size."""
    share = frame.groupby("block").size() / len(frame)
    cell = {}
    for (a, b), g in frame.groupby(["a", "b"]):
        parts = [(share[k], v.y.mean(), v.y.var() / len(v), len(v) - 1) for k, v in g.groupby("block")]
        cell[a, b] = (sum(w * m for w, m, _, _ in parts), [(w * w * v, d) for w, _, v, d in parts])
    value = cell[1, 1][0] - cell[1, 0][0] - cell[0, 1][0] + cell[0, 0][0]
    parts = [p for c in cell.values() for p in c[1]]
    variance = sum(v for v, _ in parts)
    df = variance**2 / sum(v * v / d for v, d in parts)
    return {"value": float(value), "se": float(variance**0.5), "df": float(df)}


def dunnett(cells):
    """Dunnett's adjusted p by scipy's multivariate t on the correlations of the estimates."""
    v = [p * (1 - p) / n * n / (n - 1) for p, n in cells]
    d = [(cells[i][0] - cells[0][0], (v[0] + v[i]) ** 0.5) for i in range(1, len(cells))]
    corr = np.array([[1 if i == j else v[0] / (d[i][1] * d[j][1]) for j in range(len(d))] for i in range(len(d))])
    out = []
    for i, (value, error) in enumerate(d):
        t = abs(value / error)
        df = (v[0] + v[i + 1]) ** 2 / sum(x * x / (n - 1) for x, n in ((v[0], cells[0][1]), (v[i + 1], cells[i + 1][1])))
        rv = st.multivariate_normal(np.zeros(len(d)), corr)
        inside = float(rv.cdf(np.full(len(d), t), lower_limit=np.full(len(d), -t)))
        out.append({"value": value, "se": error, "df": df, "p_normal": 1 - inside})
    return out


def npk():
    path = DATA / "experiments" / "npk_factorial.csv"
    f = pd.read_csv(path)
    fit = smf.ols("Q('yield') ~ C(block) + N*P*K - N:P:K", f).fit()
    table = sm.stats.anova_lm(fit, typ=2)
    return {"residual_df": fit.df_resid, "terms": {k.replace(":", ","): {"f": float(table.F[k]), "p": float(table["PR(>F)"][k])} for k in ["N", "P", "K", "N:P", "N:K", "P:K"]},
            "means_difference": {c: float(f[f[c] == 1]["yield"].mean() - f[f[c] == 0]["yield"].mean()) for c in "NPK"}, "sigma": float(fit.mse_resid**0.5)}


def warpbreaks():
    f = pd.read_csv(DATA / "experiments" / "warpbreaks_factorial.csv")
    f["w"] = (f.wool == "B") * 1
    order = {"H": 0, "L": 1, "M": 2}
    f["t"] = f.tension.map(order)
    return ols([(int(a), int(b), float(y)) for a, b, y in zip(f.w, f.t, f.breaks)], [2, 3])


def fraction():
    rng = np.random.default_rng(8)
    rows = []
    for a, b, c in itertools.product((0, 1), repeat=3):
        d = (a + b + c + 1) % 2
        for v in np.round(rng.normal(5 + a + 0.5 * a * b, 1, 6), 4):
            rows.append((a, b, c, d, float(v)))
    f = np.array(rows)
    x = 2 * f[:, :4] - 1
    model = np.column_stack([np.ones(len(f)), x, x[:, 0] * x[:, 1], x[:, 0] * x[:, 2], x[:, 0] * x[:, 3]])
    fit = sm.OLS(f[:, 4], model).fit(cov_type="HC2")
    scale = [2, 2, 2, 2, 4, 4, 4]
    return {"rows": rows, "terms": [[0], [1], [2], [3], [0, 1], [0, 2], [0, 3]], "value": [float(s * p) for s, p in zip(scale, fit.params[1:])], "se": [float(s * p) for s, p in zip(scale, fit.bse[1:])]}


def size():
    p = np.array([0.20, 0.22, 0.22, 0.26])
    z = st.norm.ppf(0.975) + st.norm.ppf(0.8)
    rng = np.random.default_rng(5)
    n = 13_649
    cells = rng.binomial(n, p, size=(2000, 4)) / n
    v = (cells * (1 - cells) / (n - 1)).sum(axis=1)
    t = (cells[:, 3] - cells[:, 2] - cells[:, 1] + cells[:, 0]) / v**0.5
    return {"variances": (p * (1 - p)).tolist(), "interaction": float(z * z * (p * (1 - p)).sum() / 0.02**2),
            "main": float(z * z * (p * (1 - p)).sum() / 4 / 0.03**2), "power_simulated": float((abs(t) > st.norm.ppf(0.975)).mean()), "simulations": 2000}


def main():
    two = small([2, 2], 1, 5)
    three = small([2, 3], 2, 6)
    cube = small([2, 2, 2], 3, 4)
    counts = [(0, 0, 2730, 13650), (0, 1, 3003, 13650), (1, 0, 3003, 13650), (1, 1, 3549, 13650)]
    rng = np.random.default_rng(4)
    frame = pd.DataFrame([(k, a, b, float(np.round(rng.normal(10 + 3 * k + a + a * b, 1 + 0.3 * k), 4))) for k in range(3) for a in (0, 1) for b in (0, 1) for _ in range(3 + k)], columns=["block", "a", "b", "y"])
    y, v = [0.20, 0.22, 0.225, 0.26, 0.19], [0.0001, 0.0002, 0.00015, 0.0001, 0.0003]
    json.dump({
        "made": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__, "date": "2026-11-22"},
        "tolerance": "1e-8 relative: double rounding of matrix inverses; 2e-5 absolute for p of the multivariate normal, which scipy integrates by quasi-Monte Carlo",
        "ols": [{"levels": l, "rows": r, "terms": ols(r, l)} for l, r in (([2, 2], two), ([2, 3], three), ([2, 2, 2], cube))],
        "logit": {"counts": counts, "terms": logit(counts)},
        "morris": [{"means": y, "variances": v, "shrunken": morris(y, v)}, {"means": [1.0, 1.1, 0.9, 1.05], "variances": [0.5] * 4, "shrunken": morris([1.0, 1.1, 0.9, 1.05], [0.5] * 4)}],
        "blocked": {"rows": frame.values.tolist(), "interaction": blocked(frame)},
        "dunnett": {"cells": [[k / n, n] for _, _, k, n in counts], "contrasts": dunnett([(k / n, n) for _, _, k, n in counts])},
        "npk": npk(), "warpbreaks": warpbreaks(), "fraction": fraction(), "size": size(),
    }, open(HERE / "factorial.json", "w"), indent=1)


main()
