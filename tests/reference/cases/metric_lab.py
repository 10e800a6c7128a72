"""Independent answers for past tests from which a metric is chosen; imported by make.py."""

import pathlib
import sys

import numpy as np
import pandas as pd
import statsmodels.api as sm
from statsmodels.stats.proportion import proportion_confint

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "metrics"))
import effects  # noqa: E402  (its folder is beside this one)


def metric_numbers(folder, o):
    """One row per unit. Signs of the differences of means, their exact interval, least squares over units, and the correlation of effects by a search in scipy."""
    frame = pd.read_csv(folder / o["data"])
    metrics, goal = o["metric"].split(","), o["goal"]
    out = []

    def add(of, field, expected, how, metric=None, tolerance=1e-9):
        item = {"of": of, "field": field, "expected": float(expected), "tolerance": tolerance, "how": how}
        out.append({**item, "metric": metric} if metric else item)

    columns = [goal, *metrics]
    parts = {t: [g.loc[g[o["variant"]] == a, columns] for a in ("control", "treatment")] for t, g in frame.groupby(o["test"], sort=False)}
    d = np.array([(b.mean() - a.mean()).to_numpy() for a, b in parts.values()])
    s = np.array([(a.cov() / len(a) + b.cov() / len(b)).to_numpy() for a, b in parts.values()])
    n = len(d)
    for j, m in enumerate(metrics, 1):
        k = int((np.sign(d[:, j]) == np.sign(d[:, 0])).sum())
        low, high = proportion_confint(k, n, 0.05, method="beta")
        how = "pandas signs of differences of means; statsmodels proportion_confint(beta)"
        add("same direction", "value", k / n, how, m)
        add("same direction", "low", low, how, m)
        add("same direction", "high", high, how, m)
    fit = sm.OLS(frame[goal].astype(float), sm.add_constant(frame[metrics].astype(float))).fit(cov_type="HC1")
    interval = fit.conf_int()
    for m in metrics:
        how = "statsmodels OLS over units, HC1"
        add("surrogate slope", "value", fit.params[m], how, m, 1e-8)
        add("surrogate slope", "low", interval.loc[m, 0], how, m, 1e-6)
        add("surrogate slope", "high", interval.loc[m, 1], how, m, 1e-6)
    lead = o.get("primary", metrics[0])
    j = columns.index(lead)
    rho, low, _, _, _ = effects.correlation(d[:, [j, 0]], s[:, [[j], [0]], [j, 0]], 0.95)
    how = "scipy Nelder-Mead from five starts on the restricted likelihood, brentq on its profile"
    add("correlation of effects", "value", rho, how, lead, 2e-4)
    add("correlation of effects", "low", low, how, lead, 2e-5)
    add("unvalidated-surrogate", "statistic", low, how, tolerance=2e-5)
    return out
