"""Least squares with HC1 errors and logistic regression in memory: seconds of the median of several runs, as JSON."""
import json, time
import numpy as np
import statsmodels.api as sm


def median(f, runs):
    times = []
    for _ in range(runs):
        t = time.perf_counter()
        f()
        times.append(time.perf_counter() - t)
    return sorted(times)[len(times) // 2]


rng = np.random.default_rng(1)
x = np.column_stack([np.ones(1_000_000), rng.normal(size=(1_000_000, 19))])
y = x.sum(axis=1) + rng.normal(size=len(x))
few = x[:200_000].copy()
bought = (rng.uniform(size=len(few)) < 1 / (1 + np.exp(-0.2 * few[:, 1:].sum(axis=1)))).astype(float)
print(json.dumps({
    "ols-hc1-1Mx20": median(lambda: sm.OLS(y, x).fit(cov_type="HC1").bse, 3),
    "logit-200kx20": median(lambda: sm.GLM(bought, few, family=sm.families.Binomial()).fit().bse, 3),
}))
