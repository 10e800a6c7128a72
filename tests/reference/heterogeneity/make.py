"""Scores, calibration, targeting areas and policy values by plain numpy, statsmodels and scipy. Run: /usr/bin/python3 make.py"""
import json, pathlib
import numpy as np, scipy, statsmodels, statsmodels.api as sm
from scipy import stats

rng = np.random.default_rng(11)
out = {"source": f"numpy {np.__version__}, scipy {scipy.__version__}, statsmodels {statsmodels.__version__}: make.py"}

# Doubly robust scores: the form with one prediction m = (1-e) mu1 + e mu0 equals the usual AIPW form with two.
n, e = 60, .3
w = rng.random(n) < e; y = np.round(rng.normal(5, 2, n) + w, 6)
mu0, mu1 = np.round(rng.normal(5, 1, n), 6), np.round(rng.normal(6, 1, n), 6)
aipw = mu1 - mu0 + w / e * (y - mu1) - (1 - w) / (1 - e) * (y - mu0)
out["aipw"] = {"share": e, "treated": w.tolist(), "y": y.tolist(), "predicted": ((1 - e) * mu1 + e * mu0).tolist(), "scores": aipw.tolist()}

# Cross-fitted additive prediction: weighted ridge on bin indicators, 5 folds, bins shrunken by 20 units of mean weight.
n, e, bins = 400, .4, [4, 3]
codes = np.column_stack([rng.integers(0, b, n) for b in bins]); w = rng.random(n) < e
y = np.round(1e4 + codes[:, 0] - .5 * codes[:, 1] + w * codes[:, 0] + rng.normal(size=n), 6); fold = rng.integers(0, 5, n)
x = np.column_stack([np.ones(n)] + [codes[:, f] == b for f in range(2) for b in range(bins[f])]).astype(float)
weight = np.where(w, 1 / e**2, 1 / (1 - e)**2); m = np.empty(n); centre = y.mean()
for k in range(5):
    t = fold != k
    g = (x[t] * weight[t, None]).T @ x[t]; pen = np.full(len(g), 20 * weight[t].sum() / t.sum()); pen[0] = 0
    beta = np.linalg.solve(g + np.diag(pen), (x[t] * weight[t, None]).T @ (y[t] - centre)); m[~t] = centre + x[~t] @ beta
out["crossfit"] = {"share": e, "bins": bins, "codes": codes.T.tolist(), "treated": w.tolist(), "y": y.tolist(), "fold": fold.tolist(), "scores": ((y - m) * np.where(w, 1 / e, -1 / (1 - e))).tolist()}

# Best linear projection, HC3, Student with n - 2.
n = 90; pred = np.round(rng.normal(.2, .5, n), 6); s = np.round(.1 + .8 * pred + rng.normal(0, 1 + np.abs(pred), n), 6)
fit = sm.OLS(s, sm.add_constant(pred - pred.mean())).fit(cov_type="HC3", use_t=True)
out["calibration"] = {"scores": s.tolist(), "predicted": pred.tolist(), "mean": fit.params[0], "meanError": fit.bse[0], "slope": fit.params[1], "slopeError": fit.bse[1],
                      "low": fit.conf_int()[1][0], "high": fit.conf_int()[1][1], "pOneSided": stats.t.sf(fit.tvalues[1], n - 2)}

# AUTOC and Qini: units of equal priority share their mean score; area by the plain sum over ranks.
out["rate"] = []
for name, pr in (("distinct", rng.normal(size=80)), ("ties", rng.integers(0, 6, 80).astype(float))):
    s = np.round(pr * .4 + rng.normal(1, 1, 80), 6); o = np.argsort(-pr, kind="stable"); t = s[o].copy(); q = pr[o]
    for v in np.unique(q): t[q == v] = t[q == v].mean()
    k = np.arange(1, 81); toc = np.cumsum(t) / k - s.mean()
    out["rate"].append({"name": name, "scores": s.tolist(), "priority": pr.tolist(), "autoc": toc.mean(), "qini": (k / 80 * toc).mean(), "topHalf": (np.cumsum(t) / k)[39], "gainHalf": (np.cumsum(t) / 80)[39]})

# Value of a rule.
s = np.round(rng.normal(.3, 1, 70), 6); treat = rng.random(70) < .4; c = .25
mean = lambda v: {"value": v.mean(), "error": v.std(ddof=1) / np.sqrt(len(v))}
out["value"] = {"scores": s.tolist(), "treat": treat.tolist(), "cost": c, "nobody": mean(np.where(treat, s - c, 0)), "everybody": mean(np.where(treat, 0, c - s)), "all": mean(s - c)}

# The best first cut: every cut of a number and every cut of a category's levels in the order of their mean score, by the squared Welch statistic; 25 units of each arm on a side.
n = 900; num = rng.integers(0, 12, n); cat = rng.integers(0, 5, n); w = rng.random(n) < .5
s = np.round(np.where(num > 7, 1., 0) + rng.normal(0, 2, n), 6); best = (0, None)
for col, levels in (("num", list(range(12))), ("cat", sorted(range(5), key=lambda l: s[cat == l].mean()))):
    v = num if col == "num" else cat
    for i in range(1, len(levels)):
        left = np.isin(v, levels[:i])
        if min((left & w).sum(), (left & ~w).sum(), (~left & w).sum(), (~left & ~w).sum()) < 25: continue
        a, b = s[left], s[~left]; z2 = (a.mean() - b.mean())**2 / (a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))
        if z2 > best[0]: best = (z2, (col, sorted(levels[:i])))
out["cut"] = {"num": num.tolist(), "cat": cat.tolist(), "treated": w.tolist(), "scores": s.tolist(), "column": best[1][0], "left": best[1][1]}

# Balance of a column: rare groups counted as one.
table = np.array([[400, 380], [150, 190], [3, 2], [1, 4], [0, 0]]); rare = table.sum(1) * (table.sum(0).min() / table.sum()) < 5
pooled = np.vstack([table[~rare], table[rare].sum(0)])
r = stats.chi2_contingency(pooled, correction=False)
out["balance"] = {"counts": table.tolist(), "statistic": r[0], "df": int(r[2]), "p": r[1]}
(pathlib.Path(__file__).parent / "heterogeneity.json").write_text(json.dumps(out, indent=1))
