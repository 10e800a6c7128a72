"""Reference values of chained regression imputation: scikit-learn's IterativeImputer with LinearRegression.

Run: /usr/bin/python3 imputation.py   (writes imputation.json beside itself)
"""
import datetime
import json
import pathlib
import platform
import warnings

import numpy as np
import sklearn
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer
from sklearn.linear_model import LinearRegression

warnings.simplefilter("ignore")
g = np.random.default_rng(8)
cases = []
for n, p, share, rounds in [(80, 3, 0.15, 5), (150, 5, 0.25, 10), (60, 2, 0.3, 1)]:
    base = g.normal(size=(n, 2))
    x = base @ g.normal(size=(2, p)) + 0.6 * g.normal(size=(n, p)) + np.arange(p) * 10
    x[:, 0] *= 1000
    gaps = g.random((n, p)) < share * (np.arange(p) + 1) / p
    gaps[:, p - 1] &= g.random(n) < 0.9
    holed = np.where(gaps, np.nan, x)
    holed = holed[~np.isnan(holed).all(axis=1)]
    filled = IterativeImputer(LinearRegression(), max_iter=rounds, tol=0, imputation_order="ascending", initial_strategy="mean").fit_transform(holed)
    cases.append({"rounds": rounds, "columns": [[None if np.isnan(v) else float(v) for v in holed[:, c]] for c in range(p)], "filled": filled.T.tolist()})
pathlib.Path(__file__).with_name("imputation.json").write_text(json.dumps(
    {"source": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, Python {platform.python_version()}", "date": str(datetime.date.today()),
     "tolerance": "1e-8 of a standard deviation: two ways to the same least squares, through some rounds", "cases": cases}) + "\n")
