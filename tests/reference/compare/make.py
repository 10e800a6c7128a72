#!/usr/bin/env python3
"""Reference values for group comparison: scipy and statsmodels where they have the method, brute force and textbook formulas written out where they have not.
R adds its part in make.R, which reads the samples from compare.json. Usage: python3 make.py && Rscript make.R (both write beside themselves)."""
import datetime, itertools, json, math, os
import numpy as np, scipy, statsmodels
from scipy import stats, optimize
import statsmodels.api as sm
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.inter_rater import cohens_kappa

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(20240501)
out = {"tool": f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, numpy {np.__version__}", "date": datetime.date.today().isoformat()}


def sample(kind, n):
    if kind == "normal":
        return np.round(rng.normal(10, 3, n), 4)
    if kind == "skewed":
        return np.round(rng.lognormal(1, 1, n), 4)
    if kind == "ties":
        return rng.integers(0, 6, n).astype(float)
    return np.round(1e6 + rng.normal(0, 0.5, n), 5)


# two samples
two = []
for kind, n, m in [("normal", 8, 11), ("skewed", 40, 25), ("ties", 12, 9), ("ties", 90, 120), ("offset", 30, 30), ("normal", 300, 280), ("skewed", 5, 40)]:
    x, y = sample(kind, n), sample(kind, m)
    if kind != "ties":
        y = y + (1.1 if kind != "offset" else 0.2)
    mw = stats.mannwhitneyu(x, y, use_continuity=True, method="exact" if kind != "ties" and n * m <= 10000 else "asymptotic")
    bm = stats.brunnermunzel(x, y)
    nx, ny = len(x), len(y)
    place = lambda a, b: np.array([np.sum(b < v) + 0.5 * np.sum(b == v) for v in a]) / len(b)
    px, py = place(x, y), place(y, x)
    vx, vy = px.var(ddof=1) / nx, py.var(ddof=1) / ny
    df = (vx + vy) ** 2 / (vx ** 2 / (nx - 1) + vy ** 2 / (ny - 1))
    half = stats.t.isf(0.025, df) * math.sqrt(vx + vy)
    yuen = stats.ttest_ind(x, y, equal_var=False, trim=0.2)
    d = np.sort(np.subtract.outer(x, y).ravel())
    item = {"kind": kind, "x": x.tolist(), "y": y.tolist(), "u": mw.statistic, "p": mw.pvalue, "superiority": px.mean(), "bmStatistic": -bm.statistic,
            "bmP": bm.pvalue, "bmLow": max(0, px.mean() - half), "bmHigh": min(1, px.mean() + half), "yuenT": yuen.statistic, "yuenP": yuen.pvalue,
            "shift": float(np.median(d))}
    # Hedges g: bias factor by gamma functions, interval by the noncentral t of scipy.
    sp = math.sqrt(((nx - 1) * x.var(ddof=1) + (ny - 1) * y.var(ddof=1)) / (nx + ny - 2))
    nu, root = nx + ny - 2, math.sqrt(1 / nx + 1 / ny)
    t = (x.mean() - y.mean()) / sp / root
    j = math.exp(math.lgamma(nu / 2) - math.lgamma((nu - 1) / 2)) / math.sqrt(nu / 2)
    lo = optimize.brentq(lambda nc: stats.nct.sf(t, nu, nc) - 0.025, t - 8, t + 1, xtol=1e-12)
    hi = optimize.brentq(lambda nc: stats.nct.cdf(t, nu, nc) - 0.025, t - 1, t + 8, xtol=1e-12)
    item["g"] = [j * t * root, j * lo * root, j * hi * root]
    if n * m <= 3000 and kind == "ties" and n <= 12:
        # exact given the ties, by enumeration
        pooled = np.concatenate([x, y])
        r = stats.rankdata(pooled)
        mean = nx * (nx + ny + 1) / 2
        seen = abs(r[:nx].sum() - mean)
        hits = total = 0
        for c in itertools.combinations(range(nx + ny), nx):
            total += 1
            hits += abs(r[list(c)].sum() - mean) >= seen - 1e-9
        item["exactTiesP"] = hits / total
    two.append(item)
out["two"] = two

# pairs
pairs = []
for kind, n in [("normal", 9), ("ties", 14), ("skewed", 60), ("normal", 450), ("ties", 500)]:
    x = sample(kind, n)
    y = x + rng.normal(0.4, 1.5, n).round(3) if kind != "ties" else sample(kind, n)
    d = x - y
    if kind == "normal" and n == 9:
        d = np.round(d, 6)
    tt = stats.ttest_rel(x, y)
    ci = tt.confidence_interval() if hasattr(tt, "confidence_interval") else None
    kept = d[d != 0]
    w = float(stats.rankdata(np.abs(kept))[kept > 0].sum())
    item = {"x": x.tolist(), "y": y.tolist(), "t": tt.statistic, "p": tt.pvalue, "low": ci.low, "high": ci.high, "w": w, "zeros": int((d == 0).sum())}
    if len(kept) <= 14:
        r = stats.rankdata(np.abs(kept))
        total = r.sum()
        hits = sum(abs(2 * sum(v for v, s in zip(r, signs) if s) - total) >= abs(2 * w - total) - 1e-9 for signs in itertools.product([0, 1], repeat=len(kept)))
        item["signedP"] = hits / 2 ** len(kept)
    elif len(kept) > 300:
        r = stats.rankdata(np.abs(kept))
        gap = max(0, abs(w - r.sum() / 2) - 0.5)
        item["signedP"] = 2 * stats.norm.sf(gap / math.sqrt((r ** 2).sum() / 4))
    else:
        item["signedP"] = stats.wilcoxon(kept, mode="approx", correction=True).pvalue if len(np.unique(np.abs(kept))) < len(kept) else stats.wilcoxon(kept, mode="exact").pvalue if len(kept) <= 50 else None
    walsh = np.sort([(d[i] + d[k]) / 2 for i in range(len(d)) for k in range(i, len(d))])
    item["centre"] = float(np.median(walsh))
    pos, neg = int((d > 0).sum()), int((d < 0).sum())
    item["signP"] = stats.binomtest(pos, pos + neg).pvalue
    item["median"] = float(np.median(d))
    nz = len(d)
    k = 0
    while stats.binom.cdf(k, nz, 0.5) <= 0.025:
        k += 1
    s = np.sort(d)
    item["signLow"], item["signHigh"] = (float(s[k - 1]), float(s[nz - k])) if k >= 1 else (None, None)
    pairs.append(item)
out["pairs"] = pairs

# several groups
groups = []
for kind, sizes, shifts, sds in [("normal", [10, 14, 9], [0, 1, 3], [1, 2, 0.5]), ("normal", [30, 50, 40, 35], [0, 0, 0.3, 0], [1, 1, 1, 1]), ("ties", [20, 25, 15], [0, 0, 1], [1, 1, 1]), ("offset", [12, 12], [0, 0.4], [1, 3])]:
    gs = [np.round((sample(kind, n) - (1e6 if kind == "offset" else 0)) * s + m + (1e6 if kind == "offset" else 0), 5) for n, m, s in zip(sizes, shifts, sds)]
    kw = stats.kruskal(*gs)
    pooled = np.concatenate(gs)
    ranks = stats.rankdata(pooled)
    n = len(pooled)
    starts = np.cumsum([0] + sizes)
    means = [ranks[a:b].mean() for a, b in zip(starts, starts[1:])]
    variance = ((ranks - (n + 1) / 2) ** 2).sum() / (n - 1)
    dunn = [[j, i, (means[j] - means[i]) / math.sqrt(variance * (1 / sizes[i] + 1 / sizes[j]))] for i in range(len(gs)) for j in range(i + 1, len(gs))]
    f = stats.f_oneway(*gs)
    k, w = len(gs), n - len(gs)
    ssb = sum(len(g) * (g.mean() - pooled.mean()) ** 2 for g in gs)
    ssw = sum(((g - g.mean()) ** 2).sum() for g in gs)
    lam = []
    for target in (0.975, 0.025):
        gap = lambda nc: stats.ncf.cdf(f.statistic, k - 1, w, nc) - target if nc > 0 else stats.f.cdf(f.statistic, k - 1, w) - target
        lam.append(optimize.brentq(gap, 0, 2000, xtol=1e-11) if gap(0) > 0 else 0.0)
    groups.append({"groups": [g.tolist() for g in gs], "h": kw.statistic, "hP": kw.pvalue, "dunn": dunn, "f": f.statistic, "fP": f.pvalue,
                   "eta": [ssb / (ssb + ssw), lam[0] / (lam[0] + n), lam[1] / (lam[1] + n)], "omega": max(0, (ssb - (k - 1) * ssw / w) / (ssb + ssw + ssw / w))})
out["groups"] = groups

friedman = []
for k, b, ties in [(3, 12, False), (4, 9, True), (2, 20, False)]:
    t = [rng.integers(0, 5, b).astype(float) if ties else np.round(rng.normal(i * 0.4, 1, b), 4) for i in range(k)]
    fr = stats.friedmanchisquare(*t) if k > 2 else None
    friedman.append({"treatments": [v.tolist() for v in t], "statistic": fr.statistic if fr else None, "p": fr.pvalue if fr else None})
out["friedman"] = friedman

# counts
paired = []


def tango(b, c, n):
    z = stats.norm.isf(0.025)
    def score(delta):
        # restricted maximum likelihood by numerical optimisation: p01 free, p10 = p01 + delta
        lo, hi = max(0, -delta), (1 - delta) / 2
        def negative(p01):
            p10, rest = p01 + delta, 1 - 2 * p01 - delta
            return -(sum(k * math.log(max(p, 1e-300)) for k, p in ((b, p10), (c, p01), (n - b - c, rest)) if k > 0))
        best = optimize.minimize_scalar(negative, bounds=(lo, hi), method="bounded", options={"xatol": 1e-13}).x
        best = min([best, lo, hi], key=negative)
        return (b - c - n * delta) / math.sqrt(n * (2 * best + delta * (1 - delta)))
    d = (b - c) / n
    return [optimize.brentq(lambda v: score(v) - z, -0.9999, d - 1e-9), optimize.brentq(lambda v: score(v) + z, d + 1e-9, 0.9999)]


for a, b, c, d in [(36, 12, 2, 0), (20, 5, 15, 30), (100, 1, 9, 40), (53, 16, 8, 9), (3, 4, 1, 2)]:
    n = a + b + c + d
    mid = 2 * stats.binom.cdf(min(b, c), b + c, 0.5) - stats.binom.pmf(min(b, c), b + c, 0.5)
    paired.append({"cells": [a, b, c, d], "midP": min(1, mid), "exactP": stats.binomtest(b, b + c).pvalue, "tango": tango(b, c, n)})
out["paired"] = paired

rates = []
for x, tx, y, ty in [(11, 800.0, 3, 1010.5), (0, 20, 4, 18), (120, 1e4, 98, 1.2e4), (2, 3, 1, 5)]:
    total, share = x + y, tx / (tx + ty)
    p = min(1, 2 * min(stats.binom.cdf(x, total, share), stats.binom.sf(x - 1, total, share)))
    lo = stats.beta.ppf(0.025, x, total - x + 1) if x > 0 else 0.0
    hi = stats.beta.ppf(0.975, x + 1, total - x)
    rates.append({"x": x, "tx": tx, "y": y, "ty": ty, "p": p, "low": lo / (1 - lo) * ty / tx, "high": hi / (1 - hi) * ty / tx,
                  "garwood": [stats.chi2.ppf(0.025, 2 * x) / 2 / tx if x else 0.0, stats.chi2.ppf(0.975, 2 * x + 2) / 2 / tx]})
out["rates"] = rates

tables = []


def brute(table):
    """p over all tables with the margins, ordered by Pearson's statistic, by filling cells in plain Python."""
    t = np.array(table)
    rows, cols, n = t.sum(1), t.sum(0), t.sum()
    expected = np.outer(rows, cols) / n
    seen = ((t - expected) ** 2 / expected).sum()
    const = sum(map(math.lgamma, rows + 1)) + sum(map(math.lgamma, cols + 1)) - math.lgamma(n + 1)
    total = count = 0
    def fill(r, left):
        nonlocal total, count
        if r == len(rows) - 1:
            full = np.array(done + [left])
            count += 1
            if ((full - expected) ** 2 / expected).sum() >= seen * (1 - 1e-9):
                total += math.exp(const - sum(math.lgamma(v + 1) for v in full.ravel()))
            return
        for row in itertools.product(*[range(int(min(rows[r], l)) + 1) for l in left[:-1]]):
            last = rows[r] - sum(row)
            if 0 <= last <= left[-1]:
                full_row = list(row) + [int(last)]
                done.append(full_row)
                fill(r + 1, [l - v for l, v in zip(left, full_row)])
                done.pop()
    done = []
    fill(0, [int(c) for c in cols])
    return total, count


for table in [[[3, 1], [0, 5]], [[4, 1, 0], [2, 3, 3]], [[2, 3, 1], [0, 1, 5], [4, 0, 1]], [[7, 2], [3, 3], [1, 6]]]:
    p, count = brute(table)
    chi = stats.chi2_contingency(table, correction=False)
    tables.append({"table": table, "chi": chi[0], "chiP": chi[1], "exact": p, "tables": count})
out["tables"] = tables

kappa = []
for table in [[[20, 5, 1], [3, 15, 4], [0, 2, 10]], [[40, 9], [6, 45]]]:
    item = {"table": table}
    for name, w in (("none", None), ("linear", "linear"), ("quadratic", "quadratic")):
        k = cohens_kappa(np.array(table), wt=w)
        item[name] = [k.kappa, k.kappa_low, k.kappa_upp, k.std_kappa0]
    kappa.append(item)
out["kappa"] = kappa

strata = []
for ts in [[(10, 40, 5, 50), (20, 60, 15, 70), (3, 30, 8, 25)], [(1, 10, 0, 12), (0, 5, 4, 9), (6, 20, 3, 22), (0, 4, 0, 6)], [(512, 825, 89, 108), (353, 560, 17, 25), (120, 325, 202, 593), (138, 417, 131, 375), (53, 191, 94, 393), (22, 373, 24, 341)]]:
    st = StratifiedTable([np.array([[a, an - a], [c, cn - c]]) for a, an, c, cn in ts if 0 < a + c < an + cn])
    test, equal = st.test_null_odds(correction=False), st.test_equal_odds(adjust=True)
    w = [an * cn / (an + cn) for a, an, c, cn in ts]
    rd = sum(wi * (a / an - c / cn) for wi, (a, an, c, cn) in zip(w, ts)) / sum(w)
    var = sum((a * (an - a) * cn ** 3 + c * (cn - c) * an ** 3) / (an * cn * (an + cn) ** 2) for a, an, c, cn in ts) / sum(w) ** 2
    strata.append({"strata": [list(t) for t in ts], "odds": st.oddsratio_pooled, "interval": list(st.oddsratio_pooled_confint()), "chi": test.statistic,
                   "p": test.pvalue, "breslowDay": equal.statistic, "breslowDayP": equal.pvalue, "difference": rd, "error": math.sqrt(var)})
out["strata"] = strata

kendall = []
for n, ties in [(6, False), (30, False), (40, True), (300, False), (250, True)]:
    x = rng.integers(0, 8, n).astype(float) if ties else np.round(rng.normal(size=n), 6)
    y = np.round(x * 0.3 + rng.normal(size=n), 0 if ties else 6)
    k = stats.kendalltau(x, y, method="auto" if ties else ("exact" if n <= 200 else "asymptotic"))
    kendall.append({"x": x.tolist(), "y": y.tolist(), "tau": k.correlation, "p": k.pvalue})
out["kendall"] = kendall

midp = []
for a, n, c, m in [(3, 15, 9, 14), (0, 20, 4, 20), (7, 100, 16, 90)]:
    h = stats.hypergeom(n + m, n, a + c)
    midp.append({"xs": a, "xn": n, "ys": c, "yn": m, "p": min(1, 2 * min(h.cdf(a) - h.pmf(a) / 2, h.sf(a) + h.pmf(a) / 2))})
out["midP"] = midp

# equivalence
from statsmodels.stats.weightstats import ttost_ind
tost = []
for n, m, low, high in [(20, 30, -0.5, 0.5), (60, 55, -0.3, 0.6), (8, 12, -2.0, 2.0)]:
    x, y = np.round(rng.normal(0.1, 1, n), 5), np.round(rng.normal(0, 1.4, m), 5)
    p, lower, upper = ttost_ind(x, y, low, high, usevar="unequal")
    tost.append({"x": x.tolist(), "y": y.tolist(), "low": low, "high": high, "p": p, "pAboveLow": lower[1], "pBelowHigh": upper[1]})
out["tost"] = tost

# quantiles: the formula of Price and Bonett written out with scipy's binomial
quantiles = []


def quantile_error(v, share):
    s, n = np.sort(v), len(v)
    half = 1.96 * math.sqrt(n * share * (1 - share))
    lo = max(1, int(np.rint((n + 1) * share - half)))
    hi = min(n, int(np.rint((n + 1) * share + half)))
    inside = stats.binom.cdf(hi - 1, n, share) - stats.binom.cdf(lo - 1, n, share)
    return (s[hi - 1] - s[lo - 1]) / (2 * stats.norm.isf((1 - inside) / 2))


for n, m, share in [(30, 41, 0.5), (200, 150, 0.9), (101, 64, 0.25)]:
    x, y = np.round(rng.lognormal(1, 0.8, n), 5), np.round(rng.lognormal(0.9, 0.8, m), 5)
    value = float(np.quantile(x, share) - np.quantile(y, share))
    error = math.hypot(quantile_error(x, share), quantile_error(y, share))
    quantiles.append({"x": x.tolist(), "y": y.tolist(), "share": share, "value": value, "error": error, "p": 2 * stats.norm.sf(abs(value / error))})
out["quantiles"] = quantiles

# Cramer's V: Bergsma's correction and the noncentral chi-square of scipy
cramer = []
for table in [[[30, 60, 10], [30, 40, 30]], [[12, 7], [5, 17]], [[20, 21, 19], [18, 22, 20], [21, 19, 20]]]:
    t = np.array(table)
    n, r, c = t.sum(), *t.shape
    chi, _, df, _ = stats.chi2_contingency(t, correction=False)
    phi2 = max(0, chi / n - (c - 1) * (r - 1) / (n - 1))
    rows, cols = r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)
    limits = []
    for target in (0.975, 0.025):
        gap = lambda nc: (stats.ncx2.cdf(chi, df, nc) if nc > 0 else stats.chi2.cdf(chi, df)) - target
        limits.append(optimize.brentq(gap, 0, 500, xtol=1e-11) if gap(0) > 0 else 0.0)
    room = n * (min(r, c) - 1)
    cramer.append({"table": table, "v": math.sqrt(phi2 / (min(rows, cols) - 1)), "low": math.sqrt(limits[0] / room), "high": math.sqrt(limits[1] / room)})
out["cramer"] = cramer


def clean(v):
    if isinstance(v, dict):
        return {k: clean(x) for k, x in v.items()}
    if isinstance(v, (list, tuple)):
        return [clean(x) for x in v]
    if isinstance(v, (np.floating, float)):
        return None if not math.isfinite(v) else float(v)
    if isinstance(v, np.integer):
        return int(v)
    return v


with open(os.path.join(here, "compare.json"), "w") as f:
    json.dump(clean(out), f)
    f.write("\n")
