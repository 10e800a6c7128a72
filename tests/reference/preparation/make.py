"""Preparation in both orders by scikit-learn: Pipeline and cross_val_score with the folds given, against the same steps fitted on all rows; shrunken correlations by their formula in numpy; DeLong's error of a mean over folds and of a
difference, by the definition with loops over pairs.

The logistic model is unpenalised, as the product's. Run: /usr/bin/python3 make.py   (writes preparation.json beside itself)
"""
import datetime
import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_selection import SelectKBest, f_classif, f_regression
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import PredefinedSplit, cross_val_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")


class Fences(BaseEstimator, TransformerMixin):
    def fit(self, x, y=None):
        q1, q3 = np.nanquantile(x, [0.25, 0.75], axis=0)
        self.low_, self.high_ = q1 - 3 * (q3 - q1), q3 + 3 * (q3 - q1)
        return self

    def transform(self, x):
        return np.clip(x, self.low_, self.high_)


def pipeline(steps, binary):
    made = []
    for s in steps:
        made.append((s, {"impute": SimpleImputer(strategy="median"), "clip": Fences(), "scale": StandardScaler()}.get(s) or SelectKBest(f_classif if binary else f_regression, k=int(s.split("=")[1]))))
    model = LogisticRegression(penalty=None, max_iter=10_000, tol=1e-10) if binary else LinearRegression()
    return Pipeline(made + [("model", model)])


def both(x, y, folds, steps, binary):
    split, how = PredefinedSplit(folds), "roc_auc" if binary else "r2"
    inside = cross_val_score(pipeline(steps, binary), x, y, cv=split, scoring=how)
    prepared = pipeline(steps, binary)[:-1].fit_transform(x, y)
    whole = cross_val_score(pipeline([], binary), prepared, y, cv=split, scoring=how)
    return float(inside.mean()), float(whole.mean()), [float(v) for v in inside]


def data(kind, seed):
    rng = np.random.default_rng(seed)
    if kind == "noise":
        n, p, steps, binary = 200, 2000, ["best=20", "scale"], True
        x, y = rng.standard_normal((n, p)), rng.permutation(np.arange(n) % 2).astype(float)
    elif kind == "gaps":
        n, p, steps, binary = 240, 80, ["impute", "clip", "best=10", "scale"], True
        x = rng.standard_t(4, (n, p))
        y = (x[:, 0] + x[:, 1] + rng.standard_normal(n) > 0).astype(float)
        x[rng.random((n, p)) < 0.1] = np.nan
    elif kind == "scaled":
        n, p, steps, binary = 300, 8, ["scale"], True
        x = rng.standard_normal((n, p)) * 10.0 + 5
        y = (x[:, 0] / 10 + rng.standard_normal(n) > 0.5).astype(float)
    else:
        n, p, steps, binary = 150, 60, ["impute", "best=6", "scale"], False
        x = rng.standard_normal((n, p))
        y = x[:, 0] + rng.standard_normal(n)
        x[rng.random((n, p)) < 0.05] = np.nan
    x = np.round(x, 3)
    return x, y, rng.permutation(np.arange(n) % 5), steps, binary


def placements(score, y):
    a, b = score[y == 1], score[y == 0]
    w = (a[:, None] > b[None, :]) + 0.5 * (a[:, None] == b[None, :])
    return w.mean(1), w.mean(0)


def delong(score, other, y, folds):
    k = folds.max() + 1
    own, gap = 0.0, 0.0
    for f in range(k):
        at = folds == f
        p, q = placements(score[at], y[at]), placements(other[at], y[at])
        own += sum(v.var(ddof=1) / len(v) for v in p) / k**2
        gap += sum((v - w).var(ddof=1) / len(v) for v, w in zip(p, q)) / k**2
    return float(np.mean([roc_auc_score(y[folds == f], score[folds == f]) for f in range(k)])), float(np.sqrt(own)), float(np.sqrt(gap))


def cell(v):
    return None if np.isnan(v) else float(v)


cases = []
for kind, seed in [("gaps", 3), ("scaled", 4), ("linear", 5)]:
    x, y, folds, steps, binary = data(kind, seed)
    inside, whole, each = both(x, y, folds, steps, binary)
    cases.append({"kind": kind, "steps": steps, "binary": binary, "inside": inside, "whole": whole, "folds": each, "x": [[cell(v) for v in c] for c in x.T], "y": list(map(float, y)), "fold": [int(f) for f in folds]})
    print(kind, inside, whole)

noise = []
for seed in range(1, 6):
    x, y, folds, steps, binary = data("noise", seed)
    inside, whole, _ = both(x, y, folds, steps, binary)
    noise.append({"seed": seed, "inside": inside, "whole": whole})
    print("noise", seed, inside, whole)

rng = np.random.default_rng(8)
z = rng.standard_normal((30, 6))
z[:, 1] = z[:, 0] + 0.1 * z[:, 1]
z[:, 4] = -z[:, 0] + 0.1 * z[:, 4]
z = np.round(z, 6)
s = (z - z.mean(0)) / z.std(0, ddof=1)
n = len(z)
r = s.T @ s / (n - 1)
v = (1 - r**2) ** 2 / (n - 1)
off = ~np.eye(6, dtype=bool)
shrunk = r * np.maximum(0, 1 - v / r**2)

score, other = rng.standard_normal(120), rng.standard_normal(120)
y = (score + other + rng.standard_normal(120) > 0).astype(float)
score, other = np.round(score, 1), np.round(other, 1)  # ties
folds = np.arange(120) % 4
auc, own, gap = delong(score, other, y, folds)

out = {
    "tool": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}", "date": datetime.date.today().isoformat(),
    "tolerance": "AUC and R squared 1e-6 where the model's optimum is found to that; closed forms 1e-10",
    "cases": cases, "noise": noise, "shrinkage": {"x": [[float(u) for u in c] for c in z.T], "r": [[float(u) for u in c] for c in np.where(off, shrunk, 1)]},
    "delong": {"score": list(map(float, score)), "other": list(map(float, other)), "y": list(map(float, y)), "fold": [int(f) for f in folds], "auc": auc, "error": own, "gapError": gap},
}
pathlib.Path(__file__).with_name("preparation.json").write_text(json.dumps(out) + "\n")
