"""Amdahl's law with a cost of handing tasks out, by exact fractions; a cost in proportion to the size, by statsmodels WLS with weights 1 / n and no constant.

Run: /usr/bin/python3 workers.py   (writes workers.json beside itself)
"""
import datetime
import json
import pathlib
from fractions import Fraction as F

import numpy as np
import scipy.stats as st
import statsmodels
import statsmodels.api as sm

amdahl = []
for tasks, serial, divisible, dispatch, workers in [(10_000, F(4, 100), F(14, 10), F(1, 1000), 16), (10_000, F(4, 100), F(14, 10), F(0), 16), (10_000, F(4, 100), F(14, 10), F(1, 1000), 1), (7, F(0), F(1, 3), F(0), 5), (300, F(9, 10), F(1, 10), F(2, 1000), 1000)]:
    one = tasks * (serial + divisible)
    many = one if workers == 1 else tasks * (serial + dispatch) + tasks * divisible / workers
    if dispatch == 0 and workers > 1:
        s = serial / (serial + divisible)
        assert one / many == 1 / (s + (1 - s) / workers)  # the textbook's own form
    amdahl.append({"tasks": tasks, "serial": float(serial), "divisible": float(divisible), "dispatch": float(dispatch), "workers": workers, "seconds": float(many), "speedUp": float(one / many), "floor": float(tasks * (serial + dispatch))})

rng = np.random.default_rng(5)
proportional = []
for fixed, slope, sizes, size in [(0.02, 3e-6, [195e3, 390e3, 780e3, 1.56e6, 3.125e6], 5e7), (0.5, 1e-3, [10, 20], 1000), (0.0, 2.0, [1, 2, 4], 64)]:
    n = np.array(sizes, float)
    cost = fixed + slope * n * np.exp(0.05 * rng.standard_normal(len(n)))
    fit = sm.WLS(cost - fixed, n[:, None], weights=1 / n).fit()
    se = np.sqrt(fit.scale * size + fit.cov_params()[0, 0] * size**2)
    t = st.t.ppf(0.9, len(n) - 1)
    middle = fixed + fit.params[0] * size
    proportional.append({"sizes": list(map(float, n)), "costs": list(map(float, cost)), "fixed": fixed, "size": float(size), "cost": float(middle), "low": float(max(0, middle - t * se)), "high": float(middle + t * se)})

out = {"tool": f"Python fractions; statsmodels {statsmodels.__version__}", "date": datetime.date.today().isoformat(), "tolerance": "1e-12 relative for closed forms, 1e-9 for the fit", "amdahl": amdahl, "proportional": proportional}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, indent=1) + "\n")
