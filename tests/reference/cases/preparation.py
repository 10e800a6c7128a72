"""Independent answers for a preparation in both orders: scikit-learn's Pipeline and cross_val_score on the folds of the file, the same steps on all rows, and leader clusters of shrunken correlations in numpy."""

import warnings

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import PredefinedSplit, cross_val_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

HOW = "scikit-learn Pipeline, cross_val_score on the file's folds, unpenalised LogisticRegression"


class Fences(BaseEstimator, TransformerMixin):
    def fit(self, x, y=None):
        q1, q3 = np.nanquantile(x, [0.25, 0.75], axis=0)
        self.low_, self.high_ = q1 - 3 * (q3 - q1), q3 + 3 * (q3 - q1)
        return self

    def transform(self, x):
        return np.clip(x, self.low_, self.high_)


class Twins(BaseEstimator, TransformerMixin):
    def fit(self, x, y=None):
        n = len(x)
        s = (x - x.mean(0)) / x.std(0, ddof=1)
        r = s.T @ s / (n - 1)
        v = (1 - r**2) ** 2 / (n - 1)
        r = np.abs(r) * np.maximum(0, 1 - v / r**2)
        self.kept_ = []
        for j in range(x.shape[1]):
            if not any(r[k, j] >= 0.95 for k in self.kept_):
                self.kept_.append(j)
        return self

    def transform(self, x):
        return x[:, self.kept_]


def preparation_numbers(folder, o):
    warnings.filterwarnings("ignore")
    t = pd.read_csv(folder / o["data"])
    y = t[o["target"]].to_numpy(float)
    x = t.drop(columns=[o["target"], o["fold"]]).to_numpy(float)
    split = PredefinedSplit(t[o["fold"]].to_numpy())

    def steps():
        return [(s, {"impute": SimpleImputer(strategy="median"), "clip": Fences(), "twins": Twins(), "scale": StandardScaler()}.get(s) or SelectKBest(f_classif, k=int(s.split("=")[1]))) for s in o["prepare"].split(",")]

    model = ("model", LogisticRegression(penalty=None, max_iter=20_000, tol=1e-10))
    inside = cross_val_score(Pipeline([*steps(), model]), x, y, cv=split, scoring="roc_auc").mean()
    whole = cross_val_score(Pipeline([model]), Pipeline(steps()).fit_transform(x, y), y, cv=split, scoring="roc_auc").mean()
    return [{"of": f"{word} AUC", "field": "value", "expected": float(v), "tolerance": 0.01, "how": HOW} for word, v in (("out-of-fold", inside), ("inflated", whole))]
