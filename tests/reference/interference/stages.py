"""Crossover and two-stage experiments by other routes: the 2x2 crossover as a least-squares model with a parameter per unit (statsmodels, equal spread) and by Welch tests of scipy; two-stage effects from cluster
means by scipy, the slope by statsmodels with HC2.

Run: /usr/bin/python3 stages.py (numpy, scipy, statsmodels).
"""
import datetime
import json

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import stats


def welch(x, y):
    r = stats.ttest_ind(x, y, equal_var=False)
    ci = r.confidence_interval(0.95) if hasattr(r, "confidence_interval") else None
    v = np.var(x, ddof=1) / len(x), np.var(y, ddof=1) / len(y)
    df = sum(v) ** 2 / (v[0] ** 2 / (len(x) - 1) + v[1] ** 2 / (len(y) - 1))
    d, se = np.mean(x) - np.mean(y), np.sqrt(sum(v))
    q = stats.t.ppf(0.975, df)
    assert ci is None or abs(ci.low - (d - q * se)) < 1e-9
    return {"value": d, "low": d - q * se, "high": d + q * se, "p": float(r.pvalue), "degrees": df}


def halved(w, factor):
    ends = sorted([w["low"] * factor, w["high"] * factor])
    return {"value": w["value"] * factor, "low": ends[0], "high": ends[1], "p": w["p"], "degrees": w["degrees"]}


def main():
    rng = np.random.default_rng(4)
    n1, n2 = 14, 17
    a = 10 + 3 * rng.standard_normal(n1)
    b = 10 + 3 * rng.standard_normal(n2)
    one, two = np.round([a + rng.standard_normal(n1), a + 1.2 + 0.6 + rng.standard_normal(n1)], 3)
    three, four = np.round([b + 1.2 + rng.standard_normal(n2), b + 0.6 + rng.standard_normal(n2)], 3)
    crossover = {"ab": [one.tolist(), two.tolist()], "ba": [three.tolist(), four.tolist()],
                 "effect": halved(welch(three - four, one - two), 0.5), "period": halved(welch(three - four, -(one - two)), -0.5), "carryOver": welch(three + four, one + two), "firstPeriod": welch(three, one)}
    # The textbook model: a parameter per unit, the period and the arm; its estimates are the same numbers.
    y = np.concatenate([one, two, three, four])
    unit = np.concatenate([np.arange(n1)] * 2 + [n1 + np.arange(n2)] * 2)
    period = np.concatenate([np.zeros(n1), np.ones(n1), np.zeros(n2), np.ones(n2)])
    arm = np.concatenate([np.zeros(n1), np.ones(n1), np.ones(n2), np.zeros(n2)])
    fit = sm.OLS(y, np.column_stack([arm, period, unit[:, None] == np.arange(n1 + n2)])).fit()
    crossover |= {"modelEffect": fit.params[0], "modelPeriod": fit.params[1]}

    clusters = []
    for share in (0.0, 0.4, 0.8):
        for _ in range(9):
            base = 5 + 0.5 * rng.standard_normal() + 0.9 * share
            control = None if share == 1 else round(base + 0.2 * rng.standard_normal(), 4)
            treated = None if share == 0 else round(base + 0.7 + 0.2 * rng.standard_normal(), 4)
            everyone = control if share == 0 else round(share * treated + (1 - share) * control, 4)
            clusters.append([share, treated, control, everyone])
    of = lambda s, k: np.array([c[k] for c in clusters if c[0] == s])
    effects = []
    for share in (0.4, 0.8):
        d = of(share, 1) - of(share, 2)
        t = stats.ttest_1samp(d, 0)
        q = stats.t.ppf(0.975, len(d) - 1) * d.std(ddof=1) / np.sqrt(len(d))
        effects.append({"share": share, "direct": {"value": d.mean(), "low": d.mean() - q, "high": d.mean() + q, "p": float(t.pvalue), "degrees": len(d) - 1},
                        "spillOver": welch(of(share, 2), of(0.0, 2)), "total": welch(of(share, 1), of(0.0, 2)), "overall": welch(of(share, 3), of(0.0, 3))})
    x, y = np.array([c[0] for c in clusters]), np.array([c[2] for c in clusters])
    line = sm.OLS(y, sm.add_constant(x)).fit(cov_type="HC2")
    json.dump({"tool": f"numpy {np.__version__}, scipy {scipy.__version__}, statsmodels {statsmodels.__version__}", "made": str(datetime.date.today()), "script": "stages.py", "crossover": crossover, "clusters": clusters, "effects": effects,
               "slope": {"value": line.params[1], "error": line.bse[1]}}, open("stages.json", "w"), indent=1)


main()
