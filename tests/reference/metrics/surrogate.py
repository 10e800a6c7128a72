#!/usr/bin/env python3
"""The surrogate index by statsmodels: OLS with HC1 errors in the history, predictions and their errors in the experiment. Usage: /usr/bin/python3 surrogate.py (writes surrogate.json beside itself)."""
import datetime, json, pathlib
import numpy as np, statsmodels, statsmodels.api as sm

rng = np.random.default_rng(20261123)
cases = []
for n, m, k in [(300, 200, 2), (120, 500, 3)]:
    s = np.round(rng.normal(0, 1, (n, k)) @ rng.normal(0, 1, (k, k)) + 2, 6)
    y = np.round(1 + s @ rng.normal(0, 1, k) + rng.normal(0, 1 + np.abs(s[:, 0]), n), 6)
    fit = sm.OLS(y, sm.add_constant(s)).fit(cov_type="HC1")
    x, c = np.round(rng.normal(2.3, 1, (m, k)), 6), np.round(rng.normal(2, 1.2, (m + 30, k)), 6)
    v = fit.cov_params()
    ix, ic = x @ fit.params[1:], c @ fit.params[1:]
    experiment = ix.var(ddof=1) / len(ix) + ic.var(ddof=1) / len(ic)
    d = np.r_[0, x.mean(0) - c.mean(0)]
    wx, wc = np.r_[1, x.mean(0)], np.r_[1, c.mean(0)]
    cases.append(dict(k=k, s=s.ravel().tolist(), y=y.tolist(), x=x.ravel().tolist(), c=c.ravel().tolist(), slopes=fit.params[1:].tolist(), slopeErrors=fit.bse[1:].tolist(), explained=fit.rsquared,
                      value=float(ix.mean() - ic.mean()), experiment=float(experiment ** 0.5), model=float((d @ v @ d) ** 0.5), error=float((experiment + d @ v @ d) ** 0.5),
                      meanX=float(wx @ fit.params), meanXError=float((ix.var(ddof=1) / len(ix) + wx @ v @ wx) ** 0.5), meanY=float(wc @ fit.params)))

out = dict(made=datetime.date.today().isoformat(), tools=dict(numpy=np.__version__, statsmodels=statsmodels.__version__), cases=cases)
pathlib.Path(__file__).with_name("surrogate.json").write_text(json.dumps(out) + "\n")
