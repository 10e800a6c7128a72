"""Independent answers for the data of the cases.

The data come from the product's own generators, exported with `gnomon cases run ID --scene NAME --seed 1 --keep DIR --json`; every number below is computed
from the exported files with pandas, scipy and statsmodels. Run from the repository root:

    python3 tests/reference/cases/make.py ./gnomon
    python3 tests/reference/cases/make.py --only experiments/three-day-winner ./gnomon      (the other cases keep their numbers)
"""

import datetime
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile

import numpy as np
import pandas as pd
import scipy
import scipy.integrate as si
import scipy.optimize as so
import scipy.stats as st
import statsmodels
import statsmodels.api as sm
from statsmodels.stats.oneway import anova_oneway
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "regression"))
import sign_flip  # noqa: E402  (its folder is beside this one)
from many_files import many_file_numbers  # noqa: E402
from metric_lab import metric_numbers
from preparation import preparation_numbers  # noqa: E402
from programme import priority_numbers, programme_numbers
from touching import touching_numbers  # noqa: E402
from queries import query_numbers  # noqa: E402
from population import population_numbers  # noqa: E402
from patterns import pattern_numbers  # noqa: E402
from stayed import stayed_numbers  # noqa: E402
from question import question_numbers  # noqa: E402
from privacy import privacy_numbers  # noqa: E402
from label import label_numbers  # noqa: E402
from substitute import substitute_numbers  # noqa: E402
from newcomer import newcomer_numbers  # noqa: E402

SEED = 1
LARGEST_FULL = 260_000
CONTROLS = ["control", "no", "a", "old"]
FLAGS = ["randomized", "tools", "switchback", "review", "explore"]


def options(command):
    words = shlex.split(command)[2:]
    found = {"data": None}
    i = 0
    while i < len(words):
        if words[i].startswith("--") and words[i][2:] in FLAGS:
            found[words[i][2:]] = True
            i += 1
        elif words[i].startswith("--"):
            found[words[i][2:]] = words[i + 1]
            i += 2
        else:
            found["data"] = words[i]
            i += 1
    return found


def proportion(x, nx, y, ny):
    """Treatment first."""
    expected = min((x + y) * nx, (x + y) * ny, (nx + ny - x - y) * nx, (nx + ny - x - y) * ny) / (nx + ny)
    value = x / nx - y / ny
    if expected < 5:
        table = [[x, y], [nx - x, ny - y]]
        one = [st.boschloo_exact(table, alternative=a, n=256).pvalue for a in ("greater", "less")]
        return {"value": (value, 1e-12, "arithmetic"), "p": (min(1.0, 2 * min(one)), 2e-4, "scipy boschloo_exact, twice the smaller one-sided p")}
    _, p = proportions_ztest([x, y], [nx, ny])
    low, high = confint_proportions_2indep(x, nx, y, ny, compare="diff", method="newcomb")
    how = "statsmodels proportions_ztest, confint_proportions_2indep(newcomb)"
    return {"value": (value, 1e-11, how), "low": (low, 1e-8, how), "high": (high, 1e-8, how), "p": (p, 1e-8, how)}


def means(x, y):
    x, y = np.asarray(x, float), np.asarray(y, float)
    p = st.ttest_ind(x, y, equal_var=False).pvalue
    low, high = CompareMeans(DescrStatsW(x), DescrStatsW(y)).tconfint_diff(usevar="unequal")
    how = "scipy ttest_ind(equal_var=False), statsmodels tconfint_diff(unequal)"
    return {"value": (x.mean() - y.mean(), 1e-9, how), "low": (low, 1e-7, how), "high": (high, 1e-7, how), "p": (p, 1e-6, how)}


def linearised(num, den):
    ratio = num.sum() / den.sum()
    return ratio + (num - ratio * den) / den.mean()


def column(frame, name):
    return pd.to_numeric(frame[name], errors="coerce")


def compare(t, c, metric, unit):
    if "/" in metric:
        num, den = metric.split("/")
        out = means(linearised(column(t, num), column(t, den)), linearised(column(c, num), column(c, den)))
        return {k: (v, tol, how + " on linearised ratios") for k, (v, tol, how) in out.items()}
    repeated = unit is not None and (t[unit].duplicated().any() or c[unit].duplicated().any())
    if repeated:
        sums = [f.assign(_v=column(f, metric)).groupby(unit)["_v"].agg(["sum", "count"]) for f in (t, c)]
        out = means(*[linearised(s["sum"], s["count"]) for s in sums])
        return {k: (v, tol, how + " on linearised means per row") for k, (v, tol, how) in out.items()}
    x, y = column(t, metric).dropna(), column(c, metric).dropna()
    if set(np.unique(x)) | set(np.unique(y)) <= {0, 1}:
        return proportion(int(x.sum()), len(x), int(y.sum()), len(y))
    return means(x, y)


def adjusted(t, c, metric, pre):
    """Lin 2013. Only the estimate is compared: the product's error also counts the sampling of units, which HC2 leaves out (LinAdjustment says why)."""
    frame = pd.concat([t.assign(_t=1), c.assign(_t=0)])
    z = column(frame, pre) - column(frame, pre).mean()
    design = sm.add_constant(np.column_stack([frame["_t"], z, frame["_t"] * z]).astype(float))
    fit = sm.OLS(column(frame, metric).to_numpy(float), design).fit()
    return {"value": (fit.params[1], 1e-8, "statsmodels OLS with treatment, centred covariate and product")}


def obrien_fleming(t):
    spent = 2 * st.norm.sf(st.norm.isf(0.05 / 4) / np.sqrt(t))
    return st.norm.isf(spent)


def chance_better(x, y, prior):
    se2 = x.var(ddof=1) / len(x) + y.var(ddof=1) / len(y)
    mean, precision = x.mean() - y.mean(), 1 / se2
    if prior != "flat":
        m, s = (float(v) for v in prior.split(":")[1].split(","))
        mean, precision = (mean / se2 + m / s**2) / (1 / se2 + 1 / s**2), 1 / se2 + 1 / s**2
    return st.norm.cdf(mean * np.sqrt(precision))


def numbers(folder, o):
    out = []

    def add(of, fields, metric=None, role=None):
        for field, (expected, tolerance, how) in fields.items():
            item = {"of": of, "field": field, "expected": float(expected), "tolerance": tolerance, "how": how}
            if metric:
                item["metric"] = metric
            if role:
                item["role"] = role
            out.append(item)

    if {"cluster", "switchback", "edges"} & set(o):
        return touching_numbers(folder, o)

    def ratio_mismatch(counts, shares):
        s, p = st.chisquare(counts, np.asarray(shares) * sum(counts))
        add("sample-ratio-mismatch", {"statistic": (s, 1e-9, "scipy chisquare"), "p": (p, 1e-7, "scipy chisquare")})

    if "propensity" in o:
        return bandit_numbers(folder, o)
    if "factors" in o:
        return factorial_numbers(folder, o)
    if "counts" in o:
        arms = [a.split("=")[1].split("/") for a in o["counts"].split(",")]
        (y, ny), (x, nx) = [(int(a), int(b)) for a, b in arms]
        add("difference", proportion(x, nx, y, ny), role="primary")
        return out

    frame = pd.read_csv(folder / o["data"])
    unit, variant = o.get("unit"), o["variant"]
    arms = sorted(frame[variant].unique(), key=lambda a: (a != o.get("control", a), a not in CONTROLS, a))
    control, treatment = arms
    if unit is not None and frame.groupby(unit)[variant].nunique().max() > 1:
        return out  # mixed units: which arm a unit belongs to is a convention, not a number
    c, t = frame[frame[variant] == control], frame[frame[variant] == treatment]
    names = [(m, "primary") for m in o.get("metric", "").split(",") if m] + [(m, "primary") for m in [o.get("ratio")] if m]
    names += [(m, "secondary") for m in o.get("secondary", "").split(",") if m]
    names += [(m.replace("<", ">").split(">")[0], "guardrail") for m in [o.get("guardrail")] if m]
    ps = []
    for name, role in names:
        result = adjusted(t, c, name, o["pre"]) if "pre" in o and role == "primary" else compare(t, c, name, unit)
        add("difference", result, name, role)
        if "pre" in o and role == "primary":
            add("difference", compare(t, c, name, unit), name, "sensitivity")
        elif role == "primary":
            ps.append(result["p"][0])
    if len(ps) > 1:
        lost = sum(p < 0.05 for p in ps) - int(multipletests(ps, method="holm")[0].sum())
        add("multiple-comparisons", {"statistic": (lost, 0, "statsmodels multipletests(holm): wins at 0.05 that are lost")})

    units = [f[unit].nunique() if unit else len(f) for f in (c, t)]
    shares = [0.5, 0.5]
    if o.get("split", "50/50").count("="):
        weights = dict(p.split("=") for p in o["split"].split(","))
        shares = np.array([float(weights[control]), float(weights[treatment])])
        shares = shares / shares.sum()
    ratio_mismatch(units, shares)
    if "pre" in o:
        x, y = column(t, o["pre"]), column(c, o["pre"])
        test = st.ttest_ind(x, y)
        how = "scipy ttest_ind, squared"
        add("covariate-imbalance", {"statistic": (test.statistic**2, 1e-7, how), "p": (test.pvalue, 1e-6, how)})
    if "plan" in o:
        plan = json.loads((folder / "plan.json").read_text())
        done = sum(units) / (2 * plan["unitsPerArm"])
        if done < 0.95 and "bayes" in o:
            x, y = column(t, o["metric"]), column(c, o["metric"])
            add("optional-stopping", {"statistic": (chance_better(x, y, o["bayes"]), 1e-9, "conjugate normal update by hand, scipy norm")})
        elif done < 0.95:
            add("optional-stopping", {"threshold": (obrien_fleming(done), 1e-6, "closed form of Lan-DeMets O'Brien-Fleming spending at the first look, scipy norm")})
    return out


def table_numbers(folder, o):
    """Shares and their Wilson intervals, repeats, zones, and how well one column tells where another is missing."""
    frame = pd.read_csv(folder / o["data"], dtype=str, keep_default_na=False)
    out = []

    def add(of, field, expected, how, metric=None, tolerance=1e-9):
        item = {"of": of, "field": field, "expected": float(expected), "tolerance": tolerance, "how": how}
        out.append({**item, "metric": metric} if metric else item)

    def share(name, metric, count):
        how = "pandas count, statsmodels proportion_confint(wilson)"
        low, high = proportion_confint(count, len(frame), method="wilson")
        add(name, "value", count / len(frame), how, metric)
        add(name, "low", low, how, metric)
        add(name, "high", high, how, metric)

    for column in frame.columns[(frame == "").mean() > 0.02]:
        share("missing share", column, int((frame[column] == "").sum()))
    repeats = int(frame.duplicated().sum())
    if repeats:
        share("repeated share", "rows", repeats)
        add("duplicate-records", "statistic", repeats / len(frame), "pandas duplicated")
    if "time_zone" in frame:
        add("timezone-mismatch", "statistic", (frame["time_zone"] != "UTC").mean(), "pandas count")
    if "name" in frame:
        add("parsing-loss", "statistic", frame["name"].str.contains("Ã").mean(), "pandas count of cells with the mark of UTF-8 read as Latin-1")
    if "phone" in frame and len(frame) <= 5_000:
        gone = frame["phone"] == ""
        tenure = frame["tenure_days"].astype(float)
        area = st.mannwhitneyu(tenure[gone], tenure[~gone]).statistic / (gone.sum() * (~gone).sum())
        if abs(area - 0.5) > 0.05:  # a check that stays silent reports its p-value instead
            add("informative-missingness", "statistic", area, "scipy mannwhitneyu over the product of the sizes")
    if o.get("target") == "moved_out":
        events = int((frame["moved_out"] == "yes").sum())
        share("rate", "moved_out = yes", events)
        add("too-few-events", "statistic", events / 41, "arithmetic: forty numbers and one area")
    if o.get("target") == "churned":
        share("rate", "churned = 1", int((frame["churned"] == "1").sum()))
    return out + (population_numbers(folder, o) if "reference" in o else [])


def plan_numbers(folder, o):
    """Mean of the history with its t interval, and the power of the planned size (pooled null, one tail, as R's power.prop.test)."""
    history = pd.read_csv(folder / o["data"])
    values = column(history, o["metric"]).dropna()
    n, mean = len(values), values.mean()
    low, high = st.t.interval(0.95, n - 1, loc=mean, scale=values.std(ddof=1) / np.sqrt(n))
    out = [{"of": "mean", "field": f, "expected": float(v), "tolerance": 1e-9, "how": "pandas mean, scipy t.interval", "metric": o["metric"]} for f, v in (("value", mean), ("low", low), ("high", high))]
    if "days" in o:
        base = float(o.get("baseline", mean))
        other = base + (base * float(o["mde"].rstrip("%")) / 100 if o["mde"].endswith("%") else float(o["mde"]))
        # Units by the day on which they were first seen.
        first = pd.to_datetime(history.groupby(o["unit"])[o["time"]].min())
        arm = ((first - first.min()).dt.days < int(o["days"])).sum() / 2
        alpha = 0.05 / int(o.get("metrics", 1))
        null, true = np.sqrt((base + other) * (1 - (base + other) / 2)), np.sqrt(base * (1 - base) + other * (1 - other))
        power = st.norm.cdf((np.sqrt(arm) * (other - base) - st.norm.isf(alpha / 2) * null) / true)
        out.append({"of": "underpowered-test", "field": "statistic", "expected": float(power), "tolerance": 1e-6, "how": "closed form of R's power.prop.test"})
    return out


def posterior(x, nx, y, ny, prior):
    """Posterior of a difference of shares: beta quadrature, or the conjugate normal on the difference."""
    kind, _, rest = prior.partition(":")
    if kind == "normal":
        m, s = (float(v) for v in rest.split(","))
        se2 = x / nx * (1 - x / nx) / nx + y / ny * (1 - y / ny) / ny
        w = s * s / (s * s + se2)
        mean, sd = m + w * (x / nx - y / ny - m), np.sqrt(w * se2)
        how = "conjugate normal, scipy norm"
        return {"value": (mean, 1e-9, how), "low": (st.norm.ppf(0.025, mean, sd), 1e-8, how), "high": (st.norm.ppf(0.975, mean, sd), 1e-8, how)}
    shapes = [(1.0, 1.0)] * 2
    if kind == "beta":
        shapes = [tuple(float(v) for v in rest.split(","))] * 2
    if kind == "trial":
        (ky, my), (kx, mx) = [tuple(int(v) for v in g.split("=")[1].split("/")) for g in rest.split(",")]
        shapes = [(1 + kx, 1 + mx - kx), (1 + ky, 1 + my - ky)]
    (ax, bx), (ay, by) = [(a + k, b + n - k) for (a, b), k, n in zip(shapes, (x, y), (nx, ny))]
    cuts = [st.beta.ppf(q, ay, by) for q in (1e-14, 1e-6, 0.05, 0.5, 0.95, 1 - 1e-6)] + [st.beta.isf(1e-14, ay, by)]
    above = lambda d: sum(si.quad(lambda p: st.beta.pdf(p, ay, by) * st.beta.sf(p + d, ax, bx), a, b, epsabs=1e-13, epsrel=1e-12)[0] for a, b in zip(cuts, cuts[1:]))
    mean = ax / (ax + bx) - ay / (ay + by)
    sd = np.sqrt(st.beta.var(ax, bx) + st.beta.var(ay, by))
    ends = [so.brentq(lambda d: above(d) - q, mean - 8 * sd, mean + 8 * sd, xtol=1e-12) for q in (0.975, 0.025)]
    how = "scipy beta, quad and brentq"
    return {"value": (mean, 1e-9, how), "low": (ends[0], 1e-6, how), "high": (ends[1], 1e-6, how)}


def group_numbers(folder, o):
    """compare: shares of two groups with their ratios, or means with ranks beside; skewed means only by their difference, since the interval is resampled there."""
    if "change-at" in o:
        return change_numbers(folder, o)
    out = []

    def add(of, fields, role):
        out.extend({"of": of, "field": field, "expected": float(v), "tolerance": tol, "how": how, "role": role} for field, (v, tol, how) in fields.items())

    if "counts" in o:
        (y, ny), (x, nx) = [tuple(int(v) for v in a.split("=")[1].split("/")) for a in o["counts"].split(",")]
    else:
        frame = pd.read_csv(folder / o["data"])
        if frame[o["by"]].nunique() > 2:
            test = anova_oneway([column(g, o["metric"]) for _, g in frame.groupby(o["by"])], use_var="unequal")
            out.append({"of": "omega-squared", "field": "p", "expected": float(test.pvalue), "tolerance": 1e-8, "how": "statsmodels anova_oneway(unequal)"})
            return out
        if frame.iloc[:, 0].duplicated().any():
            return out  # rows repeat: which error belongs there is the point of the case
        control, other = sorted(frame[o["by"]].unique(), key=lambda a: (a not in CONTROLS, a))
        b, a = (column(frame[frame[o["by"]] == g], o["metric"]).dropna() for g in (control, other))
        if not set(np.unique(pd.concat([a, b]))) <= {0, 1}:
            skewed = any(len(v) < 355 * st.skew(v) ** 2 and st.skewtest(v).pvalue < 0.001 for v in (a, b))
            test = means(a, b)
            add("difference", {"value": test["value"]} if skewed else test, "primary")
            rank = st.brunnermunzel(a, b)
            share = st.mannwhitneyu(a, b).statistic / (len(a) * len(b))
            add("rank-biserial", {"value": (2 * share - 1, 1e-9, "scipy mannwhitneyu over the product of the sizes"), "p": (rank.pvalue, 1e-6, "scipy brunnermunzel")}, "sensitivity")
            return out
        x, nx, y, ny = int(a.sum()), len(a), int(b.sum()), len(b)
    add("difference", proportion(x, nx, y, ny), "primary")
    if "prior" in o:
        add("posterior difference", posterior(x, nx, y, ny, o["prior"]), "secondary")
    table = sm.stats.Table2x2(np.array([[x, nx - x], [y, ny - y]]))
    low, high = table.oddsratio_confint()
    how = "statsmodels Table2x2"
    add("odds-ratio", {"value": (table.oddsratio, 1e-10, how), "low": (low, 1e-9, how), "high": (high, 1e-9, how)}, "sensitivity")
    return out


def change_numbers(folder, o):
    """One series before and after: Newey-West errors of the segmented regression with Kiefer and Vogelsang's fixed-b points, and the plain difference."""
    frame = pd.read_csv(folder / o["data"])
    after = (frame[o["time"]] >= o["change-at"]).to_numpy()
    y = frame[o["metric"]].to_numpy()
    n, change, t = len(y), int((~after).sum()), np.arange(len(y))
    x = np.column_stack([np.ones(n), t, after, np.where(after, t - change, 0)])
    model = sm.WLS(y, x, weights=frame[o["trials"]]) if "trials" in o else sm.OLS(y, x)
    reach = min(n, int(np.ceil(1.3 * np.sqrt(n))))
    fit = model.fit(cov_type="HAC", cov_kwds={"maxlags": reach - 1, "use_correction": False})
    b = reach / n
    half = (1.96 + b * (2.9694 + b * (0.4160 - b * 0.5324))) * fit.bse[2]
    how = "statsmodels OLS (WLS) with cov_type HAC, fixed-b point of Kiefer and Vogelsang 2005"
    plain = means(pd.Series(y[after]), pd.Series(y[~after]))
    out = [{"of": "change of level, Newey-West", "field": f, "expected": float(v), "tolerance": 1e-7, "how": how, "role": "sensitivity"} for f, v in (("value", fit.params[2]), ("low", fit.params[2] - half), ("high", fit.params[2] + half))]
    out += [{"of": "plain difference", "field": f, "expected": float(v), "tolerance": max(tol, 1e-9), "how": h, "role": "descriptive"} for f, (v, tol, h) in plain.items() if f != "p"]
    return out


def factorial_numbers(folder, o):
    """The interaction of two yes/no factors: effect-coded least squares with HC2 errors, and a logistic model."""
    f = pd.read_csv(folder / o["data"])
    a, b = o["factors"].split(",")
    m = o["metric"]
    x, z = np.where(f[a] == "yes", 1, -1), np.where(f[b] == "yes", 1, -1)
    design = np.column_stack([np.ones(len(f)), x, z, x * z])
    cells = [f[(f[a] == i) & (f[b] == j)][m] for i in ("no", "yes") for j in ("no", "yes")]
    v, df = np.array([c.var() / len(c) for c in cells]), np.array([len(c) - 1 for c in cells])
    welch = v.sum() ** 2 / (v**2 / df).sum()
    linear = sm.OLS(f[m].values, design).fit(cov_type="HC2", use_t=False)
    logistic = sm.Logit(f[m].values, design).fit(disp=0)
    out = []
    for of, value, error, reach, p, how in (
        ("interaction", 4 * linear.params[3], 4 * linear.bse[3], st.t.ppf(0.975, welch), 2 * st.t.sf(abs(linear.params[3] / linear.bse[3]), welch), "statsmodels OLS, effect coding, HC2"),
        ("interaction, log-odds", 4 * logistic.params[3], 4 * logistic.bse[3], st.norm.ppf(0.975), logistic.pvalues[3], "statsmodels Logit, effect coding"),
    ):
        out += [{"of": of, "field": k, "expected": float(n), "tolerance": 1e-7, "how": how} for k, n in (("value", value), ("low", value - reach * error), ("high", value + reach * error), ("p", p))]
    s, p = st.chisquare([len(c) for c in cells])
    return out + [{"of": "sample-ratio-mismatch", "field": k, "expected": float(n), "tolerance": 1e-7, "how": "scipy chisquare"} for k, n in (("statistic", s), ("p", p)) if n > 0]


def bandit_numbers(folder, o):
    """Adaptively weighted AIPW difference of two arms, by a plain loop."""
    frame = pd.read_csv(folder / o["data"])
    arm = (frame[o["variant"]] != o["control"]).astype(int).values
    y, chance = frame[o["metric"]].values.astype(float), frame[o["propensity"]].values
    score, h, seen, total = np.zeros((len(y), 2)), np.zeros(len(y)), np.zeros(2), np.zeros(2)
    for t in range(len(y)):
        e = np.where(np.arange(2) == arm[t], chance[t], 1 - chance[t])
        guess = np.where(seen > 0, total / np.maximum(seen, 1), total.sum() / max(seen.sum(), 1))
        score[t] = guess + (np.arange(2) == arm[t]) * (y[t] - guess) / e
        h[t] = 1 / np.sqrt((1 / e).sum())
        seen[arm[t]] += 1
        total[arm[t]] += y[t]
    d = score[:, 1] - score[:, 0]
    value = (h * d).sum() / h.sum()
    error = np.sqrt((h**2 * (d - value) ** 2).sum()) / h.sum()
    how = "numpy loop: adaptively weighted AIPW"
    numbers = {"value": value, "low": value - st.norm.ppf(0.975) * error, "high": value + st.norm.ppf(0.975) * error, "p": 2 * st.norm.sf(abs(value / error))}
    return [{"of": "difference", "field": f, "expected": float(v), "tolerance": 1e-8, "how": how} for f, v in numbers.items()]


def regression_numbers(folder, o):
    """Slopes, odds ratios, intervals and the statistics of two checks, from statsmodels."""
    frame = pd.read_csv(folder / o["data"])
    names = o["on"].split(",")
    x = sm.add_constant(frame[names].astype(float))
    y = frame[o["target"]].astype(float)
    out = []

    def add(of, field, expected, how, metric=None, tolerance=1e-7):
        item = {"of": of, "field": field, "expected": float(expected), "tolerance": tolerance, "how": how}
        out.append({**item, "metric": metric} if metric else item)

    if set(y.unique()) <= {0.0, 1.0}:
        fit = sm.GLM(y, x, family=sm.families.Binomial()).fit(tol=1e-14)
        interval = np.exp(fit.conf_int())
        for name in names[:4]:
            add("odds ratio", "value", np.exp(fit.params[name]), "statsmodels GLM Binomial", name)
            add("odds ratio", "low", interval.loc[name, 0], "statsmodels GLM Binomial, conf_int", name, 1e-6)
        return out
    fit = sm.OLS(y, x).fit()
    kind, how = ("nonrobust", "statsmodels OLS") if o.get("errors") == "classical" else ("HC3", "statsmodels OLS, HC3 and t")
    robust = fit.get_robustcov_results(kind, use_t=True) if kind == "HC3" else fit
    interval = np.asarray(robust.conf_int())
    few = kind == "HC3" and 12 <= len(y) <= 500 and "time" not in o
    for i, name in enumerate(names, 1):
        add("slope", "value", fit.params[name], how, name, 1e-9)
        if few and frame[name].nunique() > 2:
            low, high = sign_flip.interval(np.asarray(x, float), np.asarray(y), i)
            add("slope", "low", low, "sign-flip score test by refits in numpy (sign_flip.py)", name)
            add("slope", "high", high, "sign-flip score test by refits in numpy (sign_flip.py)", name)
        elif "time" not in o or kind == "nonrobust":
            add("slope", "low", interval[i][0], how, name)
            add("slope", "high", interval[i][1], how, name)
    if "time" not in o:
        vif = max(np.linalg.inv(np.corrcoef(frame[names].T)).diagonal())
        if vif > 10:
            add("multicollinearity", "statistic", vif, "numpy: diagonal of the inverse correlation matrix", tolerance=1e-8)
    else:
        lb = sm.stats.acorr_ljungbox(fit.resid, lags=[10], return_df=True)["lb_pvalue"].iloc[0]
        add("autocorrelated-residuals", "p", lb, "statsmodels acorr_ljungbox, 10 lags", tolerance=1e-6)
    return out


def main(gnomon):
    here = pathlib.Path(__file__).parent
    only = None
    if gnomon[0] == "--only":
        only, gnomon = gnomon[1], gnomon[2:]
    made = [n for f in sorted(here.glob("*.json")) for n in json.loads(f.read_text())["numbers"] if n["case"] != only] if only else []
    listed = json.loads(subprocess.check_output([*gnomon, "cases", "--json"]))["cases"]
    for case in [c for c in listed if only in (None, c["id"])]:
        scenes = json.loads(subprocess.check_output([*gnomon, "cases", "show", case["id"], "--json"]))["scenes"]
        for scene in scenes:
            for size in ("small", "full"):
                with tempfile.TemporaryDirectory() as folder:
                    kept = pathlib.Path(folder) / "data"
                    call = [*gnomon, "cases", "run", case["id"], "--scene", scene["name"], "--seed", str(SEED), "--keep", str(kept), "--json"]
                    answer = subprocess.run(call + (["--full"] if size == "full" else []), capture_output=True, text=True, check=False)
                    run = json.loads(answer.stdout)
                    o = options(run["command"])
                    if "loop-steps" in o or "prepare" in o:
                        made += [{"case": case["id"], "scene": scene["name"], "size": size, **n} for n in (many_file_numbers if "loop-steps" in o else preparation_numbers)(kept, o)]
                        continue
                    data = kept / o["data"] if o["data"] else None  # of several files the last one
                    if data is not None and size == "full" and sum(1 for _ in data.open()) > LARGEST_FULL:
                        continue
                    if shlex.split(run["command"])[1] == "sql":
                        made += [{"case": case["id"], "scene": scene["name"], "size": size, **n} for n in query_numbers(kept, run["command"])]
                        continue
                    if "explore" in o:
                        made += [{"case": case["id"], "scene": scene["name"], "size": size, **n} for n in pattern_numbers(kept, o)]
                        continue
                    if shlex.split(run["command"])[1] == "privacy":
                        made += [{"case": case["id"], "scene": scene["name"], "size": size, **n} for n in privacy_numbers(kept, o)]
                        continue
                    if shlex.split(run["command"])[1] == "label":
                        made += [{"case": case["id"], "scene": scene["name"], "size": size, **n} for n in label_numbers(kept, o)]
                        continue
                    if "substitute" in o:
                        made += [{"case": case["id"], "scene": scene["name"], "size": size, **n} for n in substitute_numbers(kept, o)]
                        continue
                    if "question" in o:
                        made += [{"case": case["id"], "scene": scene["name"], "size": size, **n} for n in question_numbers(kept, o)]
                        continue
                    if "cohort" in o or "selected-by" in o:
                        made += [{"case": case["id"], "scene": scene["name"], "size": size, **n} for n in stayed_numbers(kept, o)]
                        continue
                    if o.get("kind") == "priorities":
                        made += [{"case": case["id"], "scene": scene["name"], "size": size, **n} for n in priority_numbers(kept, o)]
                        continue
                    found = {"ab": numbers, "design": plan_numbers, "compare": group_numbers, "regress": regression_numbers, "programme": programme_numbers, "metrics": metric_numbers, "onboard": newcomer_numbers}.get(shlex.split(run["command"])[1], table_numbers)(kept, o)
                    made += [{"case": case["id"], "scene": scene["name"], "size": size, **n} for n in found]
                    print(case["id"], scene["name"], size, len(found), flush=True)
    for area in sorted({n["case"].split("/")[0] for n in made}):
        text = {
            "tool": f"Python {sys.version.split()[0]}, scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, pandas {pd.__version__}",
            "made": datetime.date.today().isoformat(),
            "tolerance": "relative; exact counts and closed forms agree to rounding, means and their tests lose digits to another order of summation",
            "seed": SEED,
            "numbers": sorted((n for n in made if n["case"].startswith(area + "/")), key=lambda n: (n["case"], n["scene"], n["size"])),
        }
        (here / f"{area}.json").write_text(json.dumps(text, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
