"""Power of Yuen's and the Brunner-Munzel test by simulation with scipy, and Hsieh's formulas written out.

Writes robust.json. Run in this folder after make-simulated.R (it reads history.csv): /usr/bin/python3 make-robust.py
"""
import csv
import datetime
import json
import math

import numpy as np
import scipy
from scipy import stats

rng = np.random.default_rng(20261122)


def share(one, runs):
    return {"power": float(np.mean([one() < 0.05 for _ in range(runs)])), "runs": runs}


def yuen(n, m, shift, trim, draw, runs):
    return share(lambda: stats.ttest_ind(draw(n), draw(m) + shift, equal_var=False, trim=trim).pvalue, runs)


def munzel(n, m, shift, draw, runs):
    return share(lambda: stats.brunnermunzel(draw(n), draw(m) + shift).pvalue, runs)


amount = np.array([float(r["amount"]) for r in csv.DictReader(open("history.csv"))])
normal = lambda k: rng.normal(size=k)
history = lambda k: rng.choice(amount, k)


def hsieh(ratio, baseline, power, share, overlap):
    a, b = stats.norm.ppf(0.975), stats.norm.ppf(power)
    if share is None:
        return (a + b) ** 2 / (baseline * (1 - baseline) * math.log(ratio) ** 2) / (1 - overlap)
    p1 = baseline
    p2 = p1 * ratio / (1 - p1 + p1 * ratio)
    p = (1 - share) * p1 + share * p2
    top = a * math.sqrt(p * (1 - p) / share) + b * math.sqrt(p1 * (1 - p1) + p2 * (1 - p2) * (1 - share) / share)
    return top**2 / ((p1 - p2) ** 2 * (1 - share)) / (1 - overlap)


cases = [(math.exp(0.405), 0.5, 0.95, None, 0.0), (1.5, 0.2, 0.8, None, 0.2), (1.5, 2 / 3 * 0.6, 0.95, 0.5, 0.0), (2.0, 0.05, 0.9, 0.2, 0.35)]
shape = []
for trim in (0.1, 0.2, 0.25):
    s = np.sort(amount)
    cut = int(trim * len(s))
    shape.append({"trim": trim, "mean": float(stats.trim_mean(s, trim)), "deviation": float(np.std(stats.mstats.winsorize(s, (trim, trim)), ddof=1) / (1 - 2 * trim))})
json.dump(
    {
        "yuen": [
            {"n": n, "m": m, "shift": d, "trim": t, **yuen(n, m, d, t, normal, 20000)} for n, m, d, t in ((20, 20, 1.0, 0.2), (60, 60, 0.5, 0.2), (30, 60, 0.7, 0.1), (100, 100, 0.4, 0.25))
        ],
        "munzel": [{"n": n, "m": m, "superiority": stats.norm.cdf(d / math.sqrt(2)), **munzel(n, m, d, normal, 8000)} for n, m, d in ((20, 20, 0.9), (60, 60, 0.5), (40, 80, 0.6))],
        "fromHistory": {"n": 200, "shift": 0.3, "yuen": yuen(200, 200, 0.3, 0.2, history, 10000), "munzel": munzel(200, 200, 0.3, history, 5000)},
        "superiorityOfShift": float(np.mean((amount[None, :] + 0.3 > amount[:, None]) + 0.5 * (amount[None, :] + 0.3 == amount[:, None]))),
        "shape": shape,
        "hsieh": [{"ratio": r, "baseline": b, "power": p, "share": s, "overlap": o, "n": hsieh(r, b, p, s, o)} for r, b, p, s, o in cases],
        "tool": f"scipy {scipy.__version__}, numpy {np.__version__}",
        "made": datetime.date.today().isoformat(),
        "script": "make-robust.py",
    },
    open("robust.json", "w"),
    indent=1,
)
