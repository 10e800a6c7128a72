#!/usr/bin/env python3
"""Reference values of the inference methods from scipy, statsmodels, R and, where neither has the method, brute force written here.
Usage: python3 make.py (writes inference.json beside itself; needs Rscript)."""
import datetime, json, os, subprocess
import numpy as np, scipy, statsmodels, statsmodels.api as sm
from scipy import optimize, stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import (confint_proportions_2indep, proportion_confint, proportions_ztest)
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

rng = np.random.default_rng(20240501)
out = {}


def r(code):
    return [float(v) for v in subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=True).stdout.split()]


# Welch
welch = []
for x, y in [(rng.normal(1e6, 3, 12), rng.normal(1e6 + 2, 0.5, 7)), (rng.exponential(2, 40), rng.exponential(3, 25)), ([1, 2, 3, 4], [10, 10, 10, 11.5]),
             (rng.normal(0, 1, 300) + 1, rng.normal(0, 5, 20))]:
    x, y = np.asarray(x, float), np.asarray(y, float)
    t, p = stats.ttest_ind(x, y, equal_var=False)
    low, high = CompareMeans(DescrStatsW(x), DescrStatsW(y)).tconfint_diff(usevar="unequal")
    welch.append(dict(x=x.tolist(), y=y.tolist(), t=t, p=p, low=low, high=high, pGreater=stats.ttest_ind(x + 0.5, y, equal_var=False, alternative="greater")[1]))
out["welch"] = welch

# Score statistic of a difference by one-dimensional maximisation of the restricted likelihood
def variance(x, n, y, m, d):
    low, high = max(0, -d), min(1, 1 - d)
    eps = (high - low) * 1e-12
    over = lambda u, v: u / max(v, 1e-300)
    score = lambda q: over(x, q + d) - over(n - x, 1 - q - d) + over(y, q) - over(m - y, 1 - q)
    a, b = low + eps, high - eps
    fa, fb = score(a), score(b)
    q = (low + high) / 2 if high - low < 1e-9 else low if fa <= 0 else high if fb >= 0 else optimize.brentq(score, a, b, xtol=1e-15)
    p = q + d
    return (max(0, p * (1 - p)) / n + max(0, q * (1 - q)) / m) * (n + m) / (n + m - 1)


def zscore(x, n, y, m, d):
    gap = x / n - y / m - d
    v = variance(x, n, y, m, d)
    return 0.0 if abs(gap) < 1e-14 else np.sign(gap) * np.inf if v <= 0 else gap / np.sqrt(v)


def score_limit(x, n, y, m):
    z, d = stats.norm.ppf(0.975), x / n - y / m
    f = lambda e: d - e - z * np.sqrt(variance(x, n, y, m, e))
    return -1.0 if d == -1 else optimize.brentq(f, -1 + 1e-8, d - 1e-12, xtol=1e-15)


def try_two(*args, **kwds):
    """statsmodels does not bracket the limits of some tables."""
    try:
        low, high = confint_proportions_2indep(*args, **kwds)
        return [low, high] if np.isfinite([low, high]).all() else None
    except (ValueError, ZeroDivisionError):
        return None


# proportions
one = []
for k, n in [(0, 10), (3, 10), (10, 10), (81, 263), (1, 100000), (54321, 98765)]:
    row = dict(k=k, n=n)
    for level in (0.9, 0.95):
        for name, method in (("wilson", "wilson"), ("clopperPearson", "beta"), ("jeffreys", "jeffreys")):
            row[f"{name}{int(level * 100)}"] = list(map(float, proportion_confint(k, n, alpha=1 - level, method=method)))
    one.append(row)
out["oneProportion"] = one

two = []
for xs, xn, ys, yn in [(56, 70, 48, 80), (9, 10, 3, 10), (5, 56, 0, 29), (10, 10, 0, 20), (30, 500, 45, 480), (4, 1000, 6, 1200), (500, 12000, 610, 11900), (7, 34, 1, 34), (2, 40, 9, 38)]:
    row = dict(xs=xs, xn=xn, ys=ys, yn=yn)
    z, p = proportions_ztest([xs, ys], [xn, yn])
    row.update(z=z, p=p, rP=r(f"options(digits=17,warn=-1);cat(prop.test(c({xs},{ys}),c({xn},{yn}),correct=FALSE)$p.value)")[0])
    row["newcombe"] = list(confint_proportions_2indep(xs, xn, ys, yn, method="newcomb", compare="diff"))
    row["miettinenNurminen"] = [score_limit(xs, xn, ys, yn), -score_limit(ys, yn, xs, xn)]
    # statsmodels 0.13.5 has count0 * diff for nobs0 * diff in the cubic of its score method for differences, so it is no reference for it.
    for margin in (-0.05, -0.1):
        score = zscore(xs, xn, ys, yn, margin)
        row[f"nonInferiority{round(-margin * 100)}"] = [float(score), float(stats.norm.sf(score))]
    row["fisher"] = r(f"options(digits=17);cat(fisher.test(matrix(c({xs},{ys},{xn - xs},{yn - ys}),2))$p.value)")[0]
    if 0 < xs < xn and 0 < ys < yn:
        row["ratioScore"] = try_two(xs, xn, ys, yn, method="score", compare="ratio")
        row["ratioLog"] = list(confint_proportions_2indep(xs, xn, ys, yn, method="log", compare="ratio"))
        row["oddsLog"] = list(confint_proportions_2indep(xs, xn, ys, yn, method="logit", compare="odds-ratio"))
    if max(xn, yn) <= 80:
        row["boschloo"] = stats.boschloo_exact([[xs, ys], [xn - xs, yn - ys]], n=128).pvalue
    two.append(row)
out["twoProportions"] = two


# Chan-Zhang by brute force: all tables, 2,000 nuisance values
def tail(x, n, y, m, d):
    bound = zscore(x, n, y, m, d) - 1e-7
    z = np.array([[zscore(i, n, j, m, d) for j in range(m + 1)] for i in range(n + 1)])
    q = np.linspace(max(0, -d), min(1, 1 - d), 2001)
    px = stats.binom.pmf(np.arange(n + 1)[:, None], n, np.clip(q + d, 0, 1))
    py = stats.binom.pmf(np.arange(m + 1)[:, None], m, q)
    return max(np.einsum("ik,jk,ij->k", px, py, (z >= bound).astype(float)))


def lower(x, n, y, m):
    a, b = -1.0, x / n - y / m
    while b - a > 1e-5:
        c = (a + b) / 2
        a, b = (c, b) if tail(x, n, y, m, c) <= 0.025 else (a, c)
    return a


out["chanZhang"] = [dict(xs=x, xn=n, ys=y, yn=m, low=lower(x, n, y, m), high=-lower(y, m, x, n)) for x, n, y, m in [(7, 10, 2, 10), (3, 12, 1, 8)]]

# multiplicity
p = [0.001, 0.04, 0.03, 0.5, 0.0004, 0.04, 0.9, 0.012]
out["multiplicity"] = dict(p=p, **{name: multipletests(p, method=m)[1].tolist() for name, m in
                                   (("bonferroni", "bonferroni"), ("holm", "holm"), ("hochberg", "simes-hochberg"), ("benjaminiHochberg", "fdr_bh"), ("benjaminiYekutieli", "fdr_by"))})


# Lin: OLS with interactions and HC2
def packed(a):
    c = a - a.mean(0)
    s = c.T @ c
    return dict(count=len(a), means=a.mean(0).tolist(), products=[s[i, j] for i in range(len(s)) for j in range(i + 1)])


lin = []
for n, m, slope in [(200, 260, 1.0), (5000, 4000, 1.0), (300, 250, -2.0)]:
    def arm(size, b, shift):
        c = rng.normal(3, 2, (size, 2))
        c[:, 1] = rng.exponential(1, size)
        return np.column_stack([10 + shift + c @ [1.5, b] + rng.normal(0, 1 + 0.2 * np.abs(c[:, 0]), size), c])
    x, y = arm(n, slope, 0.4), arm(m, 0.5, 0.0)
    both = np.vstack([x, y])
    z = np.r_[np.ones(n), np.zeros(m)]
    c = both[:, 1:] - both[:, 1:].mean(0)
    design = np.column_stack([np.ones(n + m), z, c, c * z[:, None]])
    fit = sm.OLS(both[:, 0], design).fit(cov_type="HC2")
    lin.append(dict(x=packed(x), y=packed(y), value=fit.params[1], hc2=fit.bse[1], meanY=fit.params[0]))
out["lin"] = lin

# ratio metrics: delta method in numpy; the cluster-robust WLS of the ratio as a second source
ratio = []
for n, m in [(400, 350)]:
    def arm(size, rate):
        d = rng.poisson(4, size) + 1.0
        num = rng.binomial(d.astype(int), np.clip(rng.normal(rate, 0.1, size), 0.01, 0.99)) * 1.0
        pre = num + rng.normal(0, 1, size)
        return np.column_stack([num, d, pre])
    x, y = arm(n, 0.3), arm(m, 0.25)
    est = []
    for a in (x, y):
        q = a[:, 0].sum() / a[:, 1].sum()
        v = np.var(a[:, 0] - q * a[:, 1], ddof=1) / len(a) / a[:, 1].mean() ** 2
        rows = np.repeat(np.arange(len(a)), a[:, 1].astype(int))
        clicks = np.concatenate([np.r_[np.ones(int(k)), np.zeros(int(d - k))] for k, d in a[:, :2]])
        cluster = sm.OLS(clicks, np.ones(len(clicks))).fit(cov_type="cluster", cov_kwds=dict(groups=rows, use_correction=False))
        est.append((q, v, cluster.bse[0] ** 2 * len(a) / (len(a) - 1)))
    (qx, vx, cx), (qy, vy, cy) = est
    lx, ly = qx + (x[:, 0] - qx * x[:, 1]) / x[:, 1].mean(), qy + (y[:, 0] - qy * y[:, 1]) / y[:, 1].mean()
    z = np.r_[np.ones(n), np.zeros(m)]
    c = np.r_[x[:, 2], y[:, 2]]
    c = c - c.mean()
    fit = sm.OLS(np.r_[lx, ly], np.column_stack([np.ones(n + m), z, c, c * z])).fit(cov_type="HC2")
    ratio.append(dict(x=packed(x), y=packed(y), ratioX=qx, ratioY=qy, error=np.sqrt(vx + vy), clusterError=np.sqrt(cx + cy),
                      lift=qx / qy - 1, liftError=np.sqrt(vx / qy ** 2 + qx ** 2 * vy / qy ** 4), adjusted=fit.params[1], adjustedHc2=fit.bse[1]))
out["ratio"] = ratio

# Fieller: the set of ratios r with (x - r y)^2 <= z^2 var(x - r y), by root finding
z2 = stats.norm.ppf(0.975) ** 2
fieller = []
for mx, vx, my, vy, c in [(1.2, 0.04, 1.0, 0.05, 0.0), (3.0, 0.5, 2.0, 0.3, 0.1), (-0.4, 0.01, 0.9, 0.02, 0.005)]:
    f = lambda q: (mx - q * my) ** 2 - z2 * (vx + q * q * vy - 2 * q * c)
    q = mx / my
    fieller.append(dict(x=mx, vx=vx, y=my, vy=vy, c=c, low=optimize.brentq(f, q - 50, q, xtol=1e-14) - 1, high=optimize.brentq(f, q, q + 50, xtol=1e-14) - 1))
out["fieller"] = fieller

out = {"tool": f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, numpy {np.__version__}, R {r('cat(R.version$major, R.version$minor)')}",
       "date": datetime.date.today().isoformat(), **out}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "inference.json"), "w") as f:
    json.dump(out, f, indent=0, default=float)
    f.write("\n")
