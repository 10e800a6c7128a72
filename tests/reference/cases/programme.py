"""Independent answers for lists of experiments and for experiments on shared units; imported by make.py."""

import itertools

import numpy as np
import pandas as pd
import scipy.optimize as so
import scipy.stats as st
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

ALPHA = 0.05


def paule_mandel(y, se):
    y, se = np.asarray(y), np.asarray(se)

    def q(v):
        w = 1 / (v + se**2)
        return (w * (y - (w * y).sum() / w.sum()) ** 2).sum() - (len(y) - 1)

    v = 0.0 if q(0) <= 0 else so.brentq(q, 0, (y.max() - y.min()) ** 2, xtol=1e-18, rtol=1e-14)
    w = 1 / (v + se**2)
    return v, (w * y).sum() / w.sum()


def excess(y, se, observed):
    v, m = paule_mandel(y, se)
    se, z = np.asarray(se), st.norm.isf(ALPHA / 2)
    s = np.sqrt(v + se**2)
    poly = np.array([1.0])
    for p in st.norm.sf((z * se - m) / s) + st.norm.cdf((-z * se - m) / s):
        poly = np.convolve(poly, [1 - p, p])
    return poly[observed:].sum()


def listed(frame):
    """name, effect, error, p and the p of the split, experiment by experiment."""
    if "control_users" not in frame:
        p = 2 * st.norm.sf(np.abs(frame["lift"] / frame["se"]))
        return frame["name"].tolist(), frame["lift"].to_numpy(), frame["se"].to_numpy(), p, np.ones(len(frame))
    cn, cx, tn, tx = (frame[c].to_numpy(float) for c in ("control_users", "control_events", "treatment_users", "treatment_events"))
    a, b = cx / cn, tx / tn
    pooled = (cx + tx) / (cn + tn)
    z = (b - a) / np.sqrt(pooled * (1 - pooled) * (1 / cn + 1 / tn))
    va, vb = a * (1 - a) / (cn - 1), b * (1 - b) / (tn - 1)
    error = np.sqrt(vb / a**2 + b**2 * va / a**4)
    half = (cn + tn) / 2
    split = st.chi2.sf((cn - half) ** 2 / half + (tn - half) ** 2 / half, 1)
    return frame["experiment"].tolist(), b / a - 1, error, 2 * st.norm.sf(np.abs(z)), split


def overlap(frame, tests, metric):
    """Interaction of every pair with a variance of its own in each cell, Welch-Satterthwaite degrees of freedom, Benjamini and Hochberg over the pairs."""
    on = {t: (frame[t] == "new").to_numpy() for t in tests}
    y = frame[metric].to_numpy()
    ps = []
    for a, b in itertools.combinations(tests, 2):
        cells = [y[(on[a] == i) & (on[b] == j)] for i, j in ((0, 0), (0, 1), (1, 0), (1, 1))]
        m = [c.mean() for c in cells]
        v = [c.var(ddof=1) / len(c) for c in cells]
        df = sum(v) ** 2 / sum(x * x / (len(c) - 1) for x, c in zip(v, cells))
        ps.append(2 * st.t.sf(abs((m[3] - m[2] - m[1] + m[0]) / np.sqrt(sum(v))), df))
    return multipletests(ps, method="fdr_bh")[1].min()


def programme_numbers(folder, o):
    out = []

    def add(of, fields, metric=None):
        for field, (expected, tolerance, how) in fields.items():
            item = {"of": of, "field": field, "expected": float(expected), "tolerance": tolerance, "how": how}
            if metric:
                item["metric"] = metric
            out.append(item)

    if "aa" in o:
        k, n = (int(x) for x in o["aa"].split("/"))
        add("aa-false-positive-rate", {"p": (min(1, 2 * min(st.binom.sf(k - 1, n, ALPHA), st.binom.cdf(k, n, ALPHA))), 1e-9, "scipy binom")})
    frame = pd.read_csv(folder / o["data"])
    if "tests" in o:
        tests = o["tests"].split(",")
        add("interaction-ignored", {"p": (overlap(frame, tests, o["metric"]), 1e-6, "cell means and variances, scipy t, statsmodels multipletests(fdr_bh)")})
        for t in tests:
            new, old = frame[frame[t] == "new"][o["metric"]], frame[frame[t] == "old"][o["metric"]]
            p = st.ttest_ind(new, old, equal_var=False).pvalue
            if p < ALPHA and new.mean() > old.mean():
                add("effect", {"value": (new.mean() - old.mean(), 1e-8, "pandas means"), "p": (p, 1e-6, "scipy ttest_ind(equal_var=False)")}, t)
        return out

    names, effect, error, p, split = listed(frame)
    family = max(int(o.get("started", 0)), len(frame))
    wins = (p < ALPHA) & (effect > 0)
    low, high = proportion_confint(wins.sum(), family, method="wilson")
    add("win rate", {"value": (wins.sum() / family, 1e-12, "count"), "low": (low, 1e-9, "statsmodels proportion_confint(wilson)"), "high": (high, 1e-9, "statsmodels proportion_confint(wilson)")})
    raw = np.concatenate([p, np.ones(family - len(p))])
    method = "fdr_bh" if o.get("correction") == "bh" else "holm"
    lost = ((raw < ALPHA) & ~multipletests(raw, method=method)[0]).sum()
    add("multiple-comparisons", {"statistic": (lost, 0, f"statsmodels multipletests({method}): below 0.05 and lost")})
    sound = split >= 0.001
    if not sound.all():
        worst = np.argmin(split)
        add("sample-ratio-mismatch", {"p": (split[worst], 1e-7, "chi-square of two counts, scipy chi2")})
    zeros = family - len(p)
    usual = np.sort(error[sound])[sound.sum() // 2]
    y, se = np.concatenate([effect[sound], np.zeros(zeros)]), np.concatenate([error[sound], np.full(zeros, usual)])
    v, m = paule_mandel(y, se)
    shown = 0
    for i in np.argsort(p, kind="stable"):
        if wins[i] and sound[i] and shown < 3:
            shown += 1
            w = v / (v + error[i] ** 2)
            add("effect", {"value": (effect[i], 1e-9, "ratio of the rates less 1" if "control_users" in frame else "as listed"), "p": (p[i], 1e-6, "score test of two proportions, scipy norm" if "control_users" in frame else "scipy norm")}, names[i])
            add("shrunken effect", {"value": (w * effect[i] + (1 - w) * m, 1e-7, "normal-normal closed form, Paule-Mandel spread by scipy brentq")}, names[i])
    z = np.sign(effect[sound]) * st.norm.isf(p[sound] / 2)
    if sound.sum() >= 5:
        add("selective-reporting", {"p": (excess(z * error[sound], error[sound], int((p[sound] < ALPHA).sum())), 1e-6, "Poisson-binomial by polynomial product, scipy")})
    return out


def priority_numbers(folder, o):
    """Expected scores of a backlog; its best set is held against milp in tests/reference/planning."""
    from scipy.integrate import quad

    frame = pd.read_csv(folder / o["data"])
    frame = frame[frame["realised"].isna()]
    out = []
    scores = []
    for _, r in frame.iterrows():
        mean = {k: (r[f"{k}_low"] + r[k] + r[f"{k}_high"]) / 3 for k in ("reach", "impact", "confidence")}
        low, mode, high = r["effort_low"], r["effort"], r["effort_high"]
        d = st.triang((mode - low) / (high - low), low, high - low)
        inverse = quad(lambda x: d.pdf(x) / x, low, high, points=[mode], epsabs=1e-13, epsrel=1e-12)[0]
        scores.append((np.prod(list(mean.values())) * inverse, r["item"]))
    for score, item in sorted(scores, reverse=True)[:3]:
        out.append({"of": "score", "field": "value", "expected": float(score), "tolerance": 1e-8, "how": "means of triangular ranges, scipy quad of 1/effort", "metric": item})
    return out
