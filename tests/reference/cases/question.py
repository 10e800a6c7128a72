"""A question card: base rates by pandas, agreement by scikit-learn, limits by statsmodels."""

import json

import pandas as pd
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.proportion import proportion_confint


def question_numbers(folder, o):
    card = json.loads((folder / o["question"]).read_text())
    frame = pd.read_csv(folder / o["data"], parse_dates=["at"])
    out = []

    def add(of, metric, field, expected, how):
        out.append({"of": of, "metric": metric, "field": field, "expected": float(expected), "tolerance": 1e-9, "how": how})

    def rate(metric, hits, n):
        low, high = proportion_confint(hits, n, method="wilson")
        for field, value in (("value", hits / n), ("low", low), ("high", high)):
            add("base rate", metric, field, value, "pandas count, statsmodels proportion_confint(wilson)")

    if "outcome" in card:
        day, horizon = pd.Timestamp(card["asOf"]), pd.Timedelta(days=card["horizonDays"])
        units = frame.groupby("account_id")["at"].min().to_frame("first")
        units["cancel"] = frame[frame["event"] == "cancel"].groupby("account_id")["at"].min()
        units = units[(units["first"] <= day) & ~(units["cancel"] <= day)]
        rate(f"event = cancel within {card['horizonDays']} days", int((units["cancel"] <= day + horizon).sum()), len(units))
        return out
    end = frame["at"].max()
    spans = frame.groupby("account_id")["at"].agg(["min", "max"])
    spans = spans[(end - spans["min"]).dt.days >= 90]
    gone = {d: (end - spans["max"]).dt.days >= d for d in (30, 60, 90)}
    for d, g in gone.items():
        rate(f"no event for {d} days", int(g.sum()), len(g))
    for a, b in ((30, 60), (30, 90), (60, 90)):
        add("kappa", f"no event for {a} days and no event for {b} days", "value", cohen_kappa_score(gone[a], gone[b]), "scikit-learn cohen_kappa_score")
    return out
