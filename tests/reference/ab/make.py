#!/usr/bin/env python3
"""Reference numbers for the ab study, from scipy and statsmodels on small data that the tests build the same way.

Data: unit i = 0..n-1; arm A for even i, B for odd; pre_i = (i * 37 % 101) / 10; y_i = 2 + 0.5 pre_i + (i * 53 % 97) / 20 + 0.1 [B];
visits_i = 1 + i % 4; spend_i = visits_i * ((i * 29 % 83) / 10 + 0.2 [B]).
"""
import datetime, json, sys
import numpy as np, scipy, scipy.stats as st, statsmodels, statsmodels.api as sm
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

n = 2000
i = np.arange(n)
b = i % 2 == 1
pre = (i * 37 % 101) / 10
y = 2 + 0.5 * pre + (i * 53 % 97) / 20 + 0.1 * b
visits = 1 + i % 4
spend = visits * ((i * 29 % 83) / 10 + 0.2 * b)

welch = st.ttest_ind(y[b], y[~b], equal_var=False)
va, vb = y[~b].var(ddof=1) / (~b).sum(), y[b].var(ddof=1) / b.sum()
df = (va + vb) ** 2 / (va ** 2 / ((~b).sum() - 1) + vb ** 2 / (b.sum() - 1))
half = st.t.ppf(0.975, df) * np.sqrt(va + vb)
diff = y[b].mean() - y[~b].mean()

x = pre - pre.mean()
lin = sm.OLS(y, sm.add_constant(np.column_stack([b, x, b * x]))).fit(cov_type="HC2")

def ratio(s, v):
    r = s.mean() / v.mean()
    z = (s - r * v) / v.mean()
    return r, z.var(ddof=1) / len(s)
ra, wa = ratio(spend[~b], visits[~b])
rb, wb = ratio(spend[b], visits[b])

z, p = proportions_ztest([2400, 2250], [50000, 50000])
low, high = confint_proportions_2indep(2400, 50000, 2250, 50000, method="newcomb", compare="diff")
chi = st.chisquare([50000, 48700])
out = {
    "made": {"script": "tests/reference/ab/make.py", "date": datetime.date.today().isoformat(), "python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
    "welch": {"difference": diff, "low": diff - half, "high": diff + half, "p": welch.pvalue},
    "lin": {"difference": lin.params[1], "hc2": lin.bse[1]},
    "ratio": {"difference": rb - ra, "standardError": float(np.sqrt(wa + wb))},
    "checkout": {"difference": 0.003, "low": low, "high": high, "p": p},
    "srm": {"statistic": chi.statistic, "p": chi.pvalue},
}
json.dump(out, open(__file__.replace("make.py", "ab.json"), "w"), indent=1)
