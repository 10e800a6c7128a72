"""Predictions of a power law from a few sizes: statsmodels OLS on the logs, prediction bound of a new observation.

Run: /usr/bin/python3 tests/reference/planning/scaling-law.py > tests/reference/planning/scaling-law.json
"""
import datetime
import json

import numpy as np
import scipy.stats as st
import statsmodels
import statsmodels.api as sm

rng = np.random.default_rng(9)
cases = []
for sizes, power, fixed, noise, size in [
    ([1000, 2000, 4000], 1.0, 0.02, 0.05, 64_000), ([1e4, 2e4, 4e4, 8e4, 1.6e5], 1.05, 0.3, 0.03, 2.56e6),
    ([1e3, 4e3, 1.6e4, 6.4e4], 2.0, 0.0, 0.1, 1e6), ([5e5, 1e6, 2e6, 4e6, 8e6, 1.6e7], 0.9, 1.5, 0.02, 5e8),
]:
    costs = fixed + 1e-6 * np.power(sizes, power) * np.exp(noise * rng.normal(size=len(sizes)))
    fit = sm.OLS(np.log(costs - fixed), sm.add_constant(np.log(sizes))).fit()
    frame = fit.get_prediction([[1, np.log(size)]])
    se, mean = frame.se_obs[0], frame.predicted_mean[0]
    t = st.t.ppf(0.9, len(sizes) - 2)
    cases.append({
        "sizes": list(map(float, sizes)), "costs": costs.tolist(), "fixed": fixed, "size": size, "cost": fixed + float(np.exp(mean)), "low": fixed + float(np.exp(mean - t * se)),
        "high": fixed + float(np.exp(mean + t * se)), "exponent": float(fit.params[1]),
    })
print(json.dumps({"tool": f"statsmodels {statsmodels.__version__}", "date": datetime.date.today().isoformat(), "tolerance": "1e-9 relative: logarithms and a t quantile", "cases": cases}, indent=1))
