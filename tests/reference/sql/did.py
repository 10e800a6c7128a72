"""Difference in differences with errors clustered by unit, by statsmodels and pandas.

Run: /usr/bin/python3 tests/reference/sql/did.py > tests/reference/sql/did.json
Each unit's rows are averaged on each side of the start; units with rows on one side only, or in both groups, are left out. The regression is least squares of the unit means on
group, side and their product; cov_type="cluster" by unit with the small-sample correction and Student's t (use_t). The trend before the start: the slope of each unit's weekly means
(weeks from Monday), Welch's test between the groups (scipy).
"""
import datetime
import json
import random

import numpy as np
import pandas as pd
import scipy
import statsmodels
import statsmodels.formula.api as smf
from scipy import stats

SINCE = datetime.date(2026, 3, 4)


def draw(seed, units, drift, effect, gone):
    rng = random.Random(seed)
    rows = []
    for u in range(units):
        treated = u % 3 == 0
        level, trend = rng.gauss(20, 6), rng.gauss(0, 0.02) + (drift if treated else 0)
        only = rng.random()
        for _ in range(rng.randint(4, 30)):
            day = datetime.date(2026, 1, 5) + datetime.timedelta(days=rng.randint(0, 90))
            after = day >= SINCE
            if (only < gone and after) or (gone <= only < 2 * gone and not after):
                continue
            value = round(level + trend * (day - datetime.date(2026, 1, 5)).days + (effect if treated and after else 0) + rng.gauss(0, 5), 3)
            group = "north" if treated else rng.choice(["south", "west"])
            rows.append([f"u{u:03d}", day.isoformat(), group, value])
        if rng.random() < 0.02:
            rows.append([f"u{u:03d}", "2026-02-02", "south" if treated else "north", 1.0])
    for row in rng.sample(rows, 12):
        row[rng.randint(0, 3)] = None
    return rows


def reference(rows):
    d = pd.DataFrame(rows, columns=["unit", "day", "region", "value"]).dropna()
    d["value"] = d.value.astype(float)
    d["treated"] = (d.region == "north").astype(int)
    d["day"] = pd.to_datetime(d.day)
    d["after"] = (d.day.dt.date >= SINCE).astype(int)
    groups, sides = d.groupby("unit").treated.nunique(), d.groupby("unit").after.nunique()
    kept = d[d.unit.isin(groups.index[(groups == 1) & (sides == 2)])]
    means = kept.groupby(["unit", "treated", "after"], as_index=False).value.mean()
    fit = smf.ols("value ~ treated * after", means).fit(cov_type="cluster", cov_kwds={"groups": means.unit.astype("category").cat.codes, "use_correction": True}, use_t=True)
    low, high = fit.conf_int().loc["treated:after"]
    pre = kept[kept.after == 0].assign(week=lambda x: (x.day - pd.Timestamp("1969-12-29")).dt.days // 7).groupby(["unit", "treated", "week"], as_index=False).value.mean()
    slopes = pre.groupby(["unit", "treated"]).apply(lambda g: np.polyfit(g.week, g.value, 1)[0] if len(g) > 1 else np.nan).rename("slope").reset_index().dropna()
    all_rows = d.groupby(["treated", "after"]).value.mean()
    weeks = kept.assign(week=(kept.day - pd.Timestamp("1969-12-29")).dt.days // 7)
    reach = np.mean(sorted(d.assign(week=(d.day - pd.Timestamp("1969-12-29")).dt.days // 7)[d.after == 1].assign(week=lambda x: x.week).week.unique())) - np.mean(sorted(d.assign(week=(d.day - pd.Timestamp("1969-12-29")).dt.days // 7)[d.after == 0].week.unique()))
    a, b = slopes[slopes.treated == 1].slope, slopes[slopes.treated == 0].slope
    return {
        "rows": rows, "units": int(means.unit.nunique()), "estimate": fit.params["treated:after"], "standardError": fit.bse["treated:after"], "low": low, "high": high, "p": fit.pvalues["treated:after"],
        "cells": [[int(t), int(s), v] for (t, s), v in means.groupby(["treated", "after"]).value.mean().items()],
        "allRows": (all_rows[1, 1] - all_rows[1, 0]) - (all_rows[0, 1] - all_rows[0, 0]),
        "drift": (a.mean() - b.mean()) * reach, "trendP": float(stats.ttest_ind(a, b, equal_var=False).pvalue),
    }


print(json.dumps({
    "made": {"statsmodels": statsmodels.__version__, "scipy": scipy.__version__, "pandas": pd.__version__, "date": "2026-11-23"}, "since": SINCE.isoformat(),
    "cases": {"plain": reference(draw(1, 120, 0, 3, 0.05)), "drifting": reference(draw(2, 150, 0.12, 0, 0.02)), "few": reference(draw(3, 18, 0, 2, 0.0))},
}))
