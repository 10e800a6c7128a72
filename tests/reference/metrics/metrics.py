#!/usr/bin/env python3
"""Clustered quantiles, two-part results, funnel steps, max-T and Hotelling's test from independent tools. Usage: /usr/bin/python3 metrics.py (writes metrics.json; needs Rscript with mvtnorm and survival)."""
import datetime, json, pathlib, subprocess
import numpy as np, pandas as pd, scipy, statsmodels, statsmodels.api as sm, statsmodels.formula.api as smf
from scipy import stats

rng = np.random.default_rng(20261122)


def r(code):
    run = subprocess.run(["Rscript", "-e", "suppressWarnings(suppressMessages({" + code + "}))"], capture_output=True, text=True, check=True)
    return [float(v) for v in run.stdout.split()]


def c(values):
    return "c(" + ",".join(repr(float(v)) for v in values) + ")"


def logbinomial(x, n, y, m):
    """Log of the ratio of two shares and its error: a binomial regression with a log link."""
    return r(f"f<-glm(cbind(c({x},{y}),c({n - x},{m - y}))~c(1,0),family=binomial(link='log'),start=c(log({y}/{m}),0),control=glm.control(epsilon=1e-14));cat(sprintf('%.17g ',summary(f)$coefficients[2,1:2]))")


# The mid-distribution at the quantile with a cluster-robust error (statsmodels: regression of its scores on a constant), then the values at those ranks.
quantiles = []
for units, most, share, digits in [(80, 9, 0.5, 3), (150, 6, 0.9, 0), (400, 4, 0.75, -1), (300, 2, 0.5, 0)]:
    unit = np.repeat(np.arange(units), rng.integers(1, most, units))
    y = np.round(np.exp(rng.normal(0, 0.5, units)[unit] + rng.normal(3, 0.5, len(unit))), digits)
    v, counts = np.unique(y, return_counts=True)
    mid = (np.cumsum(counts) - 0.5 * counts) / len(y)
    quantile = lambda p: float(np.interp(p, mid, v))
    q = quantile(share)
    j = np.searchsorted(mid, share, side="right") - 1
    w = (share - mid[j]) / (mid[j + 1] - mid[j])
    below = lambda value: (y < value) + 0.5 * (y == value)
    fit = sm.OLS((1 - w) * below(v[j]) + w * below(v[j + 1]), np.ones(len(y))).fit(cov_type="cluster", cov_kwds=dict(groups=unit, use_correction=False))
    assert abs(fit.params[0] - share) < 1e-12
    half = 1.96 * fit.bse[0] * np.sqrt(units / (units - 1))
    up, down = quantile(share + half) - q, q - quantile(share - half)

    # A value of more than a twentieth of the rows whose ranks meet those within the error: the wider side.
    touched = (np.cumsum(counts) > (share - half) * len(y)) & (np.cumsum(counts) - counts < (share + half) * len(y))
    error = (max(up, down) if (counts[touched] > 0.05 * len(y)).any() else (up + down) / 2) / 1.96
    quantiles.append(dict(unit=unit.tolist(), y=y.tolist(), units=units, share=share, value=q, error=float(error)))

# Two parts: log ratios by generalised linear models with robust errors.
twopart = []
for n, m in [(900, 1000), (300, 250)]:
    t = np.repeat([0, 1], [m, n])
    pays = rng.random(n + m) < 0.2 + 0.05 * t
    y = np.round(np.where(pays, rng.lognormal(2, 0.7, n + m), 0), 4)
    d = pd.DataFrame(dict(t=t, y=y, pays=(y > 0) * 1))
    share = logbinomial(d.pays[d.t == 1].sum(), n, d.pays[d.t == 0].sum(), m)
    own = d[d.y > 0]

    def logratio(frame):
        fit = smf.glm("y ~ t", frame, family=sm.families.Poisson()).fit(cov_type="HC0", tol=1e-14)
        # HC0 divides by n in each arm; the unbiased variance by n - 1.
        v = 0.0
        for arm in (0, 1):
            a = frame.y[frame.t == arm]
            v += a.var(ddof=1) / len(a) / a.mean() ** 2
        hc0 = sum(frame.y[frame.t == arm].var(ddof=0) / (frame.t == arm).sum() / frame.y[frame.t == arm].mean() ** 2 for arm in (0, 1))
        assert abs(hc0 ** 0.5 - fit.bse["t"]) < 1e-8
        return float(fit.params["t"]), float(v ** 0.5)

    amount, mean = logratio(own), logratio(d)
    p_share = r(f"cat(sprintf('%.17g ',prop.test(c({(d.pays[d.t == 1]).sum()},{(d.pays[d.t == 0]).sum()}),c({n},{m}),correct=FALSE)$p.value))")[0]
    welch = stats.ttest_ind(own.y[own.t == 1], own.y[own.t == 0], equal_var=False)
    joint = stats.norm.isf(p_share / 2) ** 2 + stats.norm.isf(welch.pvalue / 2) ** 2
    twopart.append(dict(t=t.tolist(), y=y.tolist(), logShare=share[0], logShareError=share[1], logAmount=amount[0], logAmountError=amount[1],
                        logMean=mean[0], logMeanError=mean[1], welch=float(welch.pvalue), joint=float(stats.chi2.sf(joint, 2))))

# Steps of a funnel: log risk ratios by a binomial model with a log link.
funnel = []
for first, n, second, m in [([600, 250, 130], 1000, [560, 200, 110], 990), ([40, 12], 90, [44, 20], 95)]:
    steps, (a, b) = [], (n, m)
    for x, y in zip(first, second):
        value, error = logbinomial(x, a, y, b)
        steps.append(dict(log=value, error=error))
        a, b = x, y
    funnel.append(dict(first=first, n=n, second=second, m=m, steps=steps))

# Step-down max-T from the joint normal distribution, each step an integral by mvtnorm.
maxt = []
for z, rho in [([2.6, 2.2, 1.0], 0.7), ([2.1, 2.0, 1.9, 0.4], 0.3), ([3.0, -2.4, 2.3], -0.4)]:
    k = len(z)
    corr = np.full((k, k), rho)
    np.fill_diagonal(corr, 1.0)
    if rho < 0:
        corr[0, 2] = corr[2, 0] = 0.2
    order = np.argsort(-np.abs(z))
    adjusted, running = [0.0] * k, 0.0
    for s in range(k):
        rest = order[s:]
        bound = abs(z[order[s]])
        sub = corr[np.ix_(rest, rest)]
        if len(rest) > 1:
            p = 1 - r(f"library(mvtnorm);set.seed(1);cat(sprintf('%.17g ',pmvnorm(rep(-{bound},{len(rest)}),rep({bound},{len(rest)}),sigma=matrix({c(sub.ravel())},{len(rest)}),algorithm=GenzBretz(maxpts=5e6,abseps=1e-6))))")[0]
        else:
            p = 2 * stats.norm.sf(bound)
        running = max(running, p)
        adjusted[order[s]] = running
    maxt.append(dict(p=[float(2 * stats.norm.sf(abs(v))) for v in z], correlation=corr.ravel().tolist(), adjusted=adjusted))

# Two mean vectors with unequal covariances: the formula of Krishnamoorthy and Yu written with matrices.
hotelling = []
for n, m, k in [(40, 25, 2), (200, 150, 4), (30, 60, 1)]:
    x = rng.normal(0, 1, (n, k)) @ rng.normal(0, 1, (k, k))
    y = 2 * rng.normal(0, 1, (m, k)) @ rng.normal(0, 1, (k, k)) + 0.4
    a, b = np.atleast_2d(np.cov(x.T)) / n, np.atleast_2d(np.cov(y.T)) / m
    s = np.linalg.inv(a + b)
    gap = x.mean(0) - y.mean(0)
    t2 = float(gap @ s @ gap)
    term = lambda part, size: (np.trace(part @ s @ part @ s) + np.trace(part @ s) ** 2) / (size - 1)
    nu = (k + k * k) / (term(a, n) + term(b, m))
    p = float(stats.f.sf(t2 * (nu - k + 1) / (nu * k), k, nu - k + 1))
    if k == 1:
        assert abs(p - stats.ttest_ind(x[:, 0], y[:, 0], equal_var=False).pvalue) < 1e-12
    hotelling.append(dict(x=x.ravel().tolist(), y=y.ravel().tolist(), columns=k, t2=t2, nu=float(nu - k + 1), p=p))

out = dict(made=datetime.date.today().isoformat(), tools=dict(numpy=np.__version__, scipy=scipy.__version__, statsmodels=statsmodels.__version__, R=subprocess.run(["Rscript", "-e", "cat(R.version.string, 'mvtnorm', as.character(packageVersion('mvtnorm')))"], capture_output=True, text=True).stdout),
           quantiles=quantiles, twopart=twopart, funnel=funnel, maxt=maxt, hotelling=hotelling)
pathlib.Path(__file__).with_name("metrics.json").write_text(json.dumps(out) + "\n")
