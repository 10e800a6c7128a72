"""Reference values of the profile: pandas describe, isna, nunique and duplicated on a table that make.py writes itself, and scipy on the same columns.

Run: /usr/bin/python3 make.py   (writes profile.json beside itself)
"""
import datetime
import json
import pathlib
import platform

import numpy as np
import pandas as pd
import scipy
import scipy.optimize
import scipy.stats as st

n = 600
i = np.arange(n)
amount = np.round(np.exp(3 + ((i * 7919) % 601) / 200.0), 4)
score = np.where((i * 31) % 11 == 0, np.nan, ((i * 53) % 97) / 4.0 - 7)
visits = (i * i) % 23
city = np.array(["Oslo", "Lima", "Pune", "Kyiv"])[(i * 17) % 4 * ((i % 5) > 0)]
group = np.where(((i * 13) % 7 < 3) & (city != "Lima") | (amount > 250), "yes", "no")
table = pd.DataFrame({"amount": amount, "score": score, "visits": visits, "city": city, "group": group})


def describe(column):
    d = table[column].describe()
    return {"count": int(d["count"]), "mean": d["mean"], "sd": d["std"], "min": d["min"], "q1": d["25%"], "median": d["50%"], "q3": d["75%"], "max": d["max"]}


def cramers_v(a, b):
    """Bias-corrected, Bergsma 2013, from scipy's chi-square."""
    counts = pd.crosstab(a, b).to_numpy()
    chi2 = st.chi2_contingency(counts, correction=False)[0]
    total, (r, k) = counts.sum(), counts.shape
    phi2 = max(0, chi2 / total - (k - 1) * (r - 1) / (total - 1))
    return (phi2 / min(r - (r - 1) ** 2 / (total - 1) - 1, k - (k - 1) ** 2 / (total - 1) - 1)) ** 0.5


def lower_v(a, b):
    """Lower 95 % limit of V: the noncentrality at which the statistic would be exceeded in 2.5 % of samples (Steiger 2004), by scipy's ncx2."""
    counts = pd.crosstab(a, b).to_numpy()
    chi2, _, df, _ = st.chi2_contingency(counts, correction=False)
    nc = scipy.optimize.brentq(lambda l: st.ncx2.sf(chi2, df, l) - 0.025, 1e-9, chi2, xtol=1e-12)
    return (nc / counts.sum() / (min(counts.shape) - 1)) ** 0.5


def riley(rate, parameters):
    """Rows for expected shrinkage 0.9 at 15 % of the largest Cox-Snell R squared, and for the overall risk to +/- 0.05 (Riley et al. 2019, criteria i and iii)."""
    largest = 1 - np.exp(2 * (rate * np.log(rate) + (1 - rate) * np.log(1 - rate)))
    return max(parameters / (-0.1 * np.log(1 - 0.15 * largest / 0.9)), (1.96 / 0.05) ** 2 * rate * (1 - rate))


yes = table.group == "yes"
auc = st.mannwhitneyu(table.amount[yes], table.amount[~yes]).statistic / (yes.sum() * (~yes).sum())
out = {
    "tool": f"pandas {pd.__version__}, scipy {scipy.__version__}, numpy {np.__version__}, Python {platform.python_version()}",
    "date": datetime.date.today().isoformat(),
    "amount": list(amount), "score": [None if np.isnan(v) else v for v in score], "visits": [int(v) for v in visits], "city": list(city), "group": list(group),
    "describe": {c: describe(c) for c in ("amount", "score", "visits")},
    "missing": {c: int(table[c].isna().sum()) for c in table},
    "distinct": {c: int(table[c].nunique()) for c in table},
    "duplicated": int(table.duplicated().sum()),
    "duplicatedVisitsCity": int(table.duplicated(["visits", "city"]).sum()),
    "aucAmount": max(auc, 1 - auc),
    "cramersVCity": cramers_v(table.city, table.group),
    "cramersVCityLow": lower_v(table.city, table.group),
    "riley": [{"events": e, "rows": n_, "parameters": p, "minimum": float(riley(e / n_, p))} for e, n_, p in ((300, 2000, 40), (90, 500, 12), (450, 1500, 60))],
}
pathlib.Path(__file__).with_name("profile.json").write_text(json.dumps(out, indent=1) + "\n")
