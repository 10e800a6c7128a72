"""Rows that stayed or were let through: retention by statsmodels, bounds by arithmetic and scipy, the selection model by statsmodels probit and least squares."""

import numpy as np
import pandas as pd
import scipy.optimize as so
import scipy.stats as st
import statsmodels.api as sm
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.proportion import proportion_confint


def stayed_numbers(folder, o):
    out = []

    def add(of, field, expected, how, metric=None, tolerance=1e-9):
        item = {"of": of, "field": field, "expected": float(expected), "tolerance": tolerance, "how": how}
        out.append({**item, "metric": metric} if metric else item)

    if "cohort" in o:
        users = pd.read_csv(folder / o["cohort"], parse_dates=[o["entered"], o["left"]])
        here = set(pd.read_csv(folder / o["data"])[o["key"]])
        last = max(users[o["entered"]].max(), users[o["left"]].max())
        gone = users[o["left"]].notna()
        days = (users[o["left"]].fillna(last) - users[o["entered"]]).dt.days
        how = "statsmodels SurvfuncRight"

        def share(mask, group=None):
            mask = mask & (users[o["by"]] == group) if group else mask
            curve = SurvfuncRight(days[mask], gone[mask].astype(int))
            at = np.searchsorted(curve.surv_times, 180, side="right") - 1
            return (curve.surv_prob[at], curve.surv_prob_se[at]) if at >= 0 else (1.0, 0.0)

        everybody = pd.Series(True, index=users.index)
        add("retention rebuilt", "value", share(everybody)[0], how)
        add("retention of the rows here", "value", share(users[o["key"]].isin(here))[0], how)
        for name, mask in (("difference of retention rebuilt", everybody), ("difference of retention of the rows here", users[o["key"]].isin(here))):
            (a, sa), (b, sb) = share(mask, "no"), share(mask, "yes")
            add(name, "value", b - a, how)
            add(name, "low", b - a - st.norm.ppf(0.975) * np.hypot(sa, sb), how)
        add("gone", "value", (~users[o["key"]].isin(here)).mean(), "pandas isin")
        return out
    frame = pd.read_csv(folder / o["data"])
    step = 1
    while len(frame) >= 40_000 * step:
        step *= 2
    frame = frame.iloc[::step]
    missing = int(frame[o["target"]].isna().sum())
    if o["target"] == "default":
        known = (frame["default"].dropna() == "yes").to_numpy(float)
        filled = [np.concatenate([known, np.full(missing, v)]) for v in (0.0, 1.0)]
        (low, sl), (high, sh) = [(f.mean(), f.std(ddof=1) / np.sqrt(len(f))) for f in filled]
        c = so.brentq(lambda c: st.norm.cdf(c + (high - low) / max(sl, sh)) - st.norm.cdf(-c) - 0.95, 0, 3, xtol=1e-14)
        how = "arithmetic, Imbens-Manski by scipy brentq"
        for field, v in (("value", (low + high) / 2), ("low", low - c * sl), ("high", high + c * sh)):
            add("rate of all rows, bounds", field, v, how)
        slice_ = frame[(frame["by_lot"] == "yes") & frame["default"].notna()]
        hits = int((slice_["default"] == "yes").sum())
        l, h = proportion_confint(hits, len(slice_), method="wilson")
        for field, v in (("value", hits / len(slice_)), ("low", l), ("high", h)):
            add("rate of the random slice", field, v, "pandas count, statsmodels proportion_confint(wilson)")
        return out
    x = sm.add_constant(frame[["score", "income"]].astype(float)).to_numpy()
    z = np.column_stack([x, frame["strictness"]])
    z0 = (z - z.mean(0)) / np.where(z.std(0) > 0, z.std(0), 1)
    z0[:, 0] = 1
    chosen = frame["margin"].notna().to_numpy()
    probit = sm.GLM(chosen.astype(float), z0, family=sm.families.Binomial(sm.families.links.probit())).fit(tol=1e-14, maxiter=200)
    g = z0 @ probit.params
    mills = np.exp(st.norm.logpdf(g) - st.norm.logcdf(g))
    fit = sm.OLS(frame["margin"][chosen], np.column_stack([x, mills])[chosen]).fit()
    add("mean of all rows, selection model", "value", x.mean(0) @ fit.params[:3].to_numpy(), "statsmodels GLM probit, OLS with the inverse Mills ratio", tolerance=1e-6)
    return out
