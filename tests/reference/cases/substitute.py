"""Substitute data: domain classifier, train on the substitute and test on real rows, learning curve; by scikit-learn, scipy and statsmodels."""

import numpy as np
import pandas as pd
import scipy.stats as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from statsmodels.stats.proportion import confint_proportions_2indep

NUMBERS = ["load", "income", "visits", "age"]


def sampled(frame):
    """Every k-th row, k doubled until fewer than 40,000 are left."""
    step = 1
    while len(frame) >= 40_000 * step:
        step *= 2
    return frame.iloc[::step].reset_index(drop=True)


def scores(x):
    return st.norm.ppf((st.rankdata(x) - 0.375) / (len(x) + 0.25))


def design(frame, real):
    z = np.clip((frame[NUMBERS] - real[NUMBERS].mean()) / real[NUMBERS].std(), -4, 4).to_numpy()
    region = pd.get_dummies(frame["region"]).to_numpy(float)
    return np.column_stack([z, z**2, region[:, 1:]])


def plain():
    return LogisticRegression(penalty=None, tol=1e-8, max_iter=2_000)


def substitute_numbers(folder, o):
    full = pd.read_csv(folder / o["data"])
    real, out = sampled(full), []
    y = (real["defaulted"] == "yes").to_numpy()

    def add(of, metric, field, expected, tolerance, how):
        out.append({"of": of, "metric": metric, "field": field, "expected": float(expected), "tolerance": tolerance, "how": how})

    for name in o["substitute"].split(","):
        whole = pd.read_csv(folder / name)
        other = sampled(whole)
        a, b = (f.iloc[:: max(1, -(-len(f) // 4_000))] for f in (other, real))
        both = pd.concat([a, b], ignore_index=True)
        n = np.column_stack([scores(both[c]) for c in NUMBERS])
        x = np.column_stack([n, n**2, pd.get_dummies(both["region"]).to_numpy(float)])
        x = (x - x.mean(0)) / x.std(0)
        label = np.arange(len(both)) < len(a)
        folds = [StratifiedKFold(5, shuffle=True, random_state=s) for s in range(5)]
        auc = np.mean([roc_auc_score(label, cross_val_predict(LogisticRegression(max_iter=500), x, label, cv=f, method="decision_function")) for f in folds])
        # Where there is nothing to learn, two draws of folds differ by more than two methods do; on equal folds 0.005 is held by the test of the method.
        within = 0.005 if auc > 0.55 else 0.012
        add("domain AUC", name, "value", auc, within / auc, f"scikit-learn LogisticRegression, 5 folds, mean of 5 draws of them; within {within}")
        t = (other["defaulted"] == "yes").to_numpy()
        model = plain().fit(design(other, full), t)
        logit = model.decision_function(design(real, full))
        add("AUC on recent.csv, trained on the substitute", name, "value", roc_auc_score(y, logit), 1e-4, "scikit-learn LogisticRegression without penalty, roc_auc_score")
        add("events seen over expected", name, "value", y.sum() / (1 / (1 + np.exp(-logit))).sum(), 1e-4, "scikit-learn LogisticRegression without penalty")
        k, m = int((whole["defaulted"] == "yes").sum()), int((full["defaulted"] == "yes").sum())
        add("difference of the rate of defaulted = yes", name, "value", k / len(whole) - m / len(full), 1e-9, "pandas count")
        low, high = confint_proportions_2indep(k, len(whole), m, len(full), compare="diff", method="newcomb")
        add("difference of the rate of defaulted = yes", name, "low", low, 1e-7, "statsmodels confint_proportions_2indep(newcomb)")
        add("difference of the rate of defaulted = yes", name, "high", high, 1e-7, "statsmodels confint_proportions_2indep(newcomb)")
    rng = np.random.default_rng(1)
    quarter, areas = len(full) // 4, []
    x = design(real, full)
    for _ in range(60):
        rows = rng.permutation(len(real))
        train, test = rows[:quarter], rows[quarter:]
        areas.append(roc_auc_score(y[test], plain().fit(x[train], y[train]).decision_function(x[test])))
    area = np.mean(areas)
    m, n = y.sum(), len(y) - y.sum()
    error = np.sqrt(area * (1 - area) / min(m, n))  # an upper bound; one standard error by Hanley and McNeil is about half of it
    add("AUC expected with a quarter of the real rows", o["data"], "value", area, min(0.01, error / 2) / area, "scikit-learn: mean of 60 models of a quarter of the rows, each tested on the others; within one standard error")
    return out
