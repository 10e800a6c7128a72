"""A rolling median and a streak of 100 customers, by pandas: rolling(7, min_periods=1).median() and a count that begins anew after every row that breaks it.

Run: /usr/bin/python3 frames.py   (writes frames.json beside itself)
"""
import datetime
import json
import pathlib

import numpy as np
import pandas as pd

rng = np.random.default_rng(11)
customers, rows = 100, 30
t = pd.DataFrame({
    "row_id": np.arange(1, customers * rows + 1),
    "customer_id": np.repeat(np.arange(1, customers + 1), rows),
    "day": rng.integers(0, 20, customers * rows),
    "amount": np.round(rng.normal(20, 15, customers * rows), 3),
})
t.loc[rng.random(len(t)) < 0.05, "amount"] = np.nan
t.loc[t.customer_id == 3, "amount"] = np.nan
made = t.sort_values(["customer_id", "day", "row_id"], kind="stable")
made["median_7"] = made.groupby("customer_id")["amount"].transform(lambda x: x.rolling(7, min_periods=1).median())
met = made["amount"] >= 20
block = (~met).groupby(made["customer_id"]).cumsum()
made["run"] = met.groupby([made["customer_id"], block]).cumsum().astype(int)
made = made.sort_values("row_id")


def cells(x):
    return [None if pd.isna(v) else float(v) for v in x]


out = {
    "tool": f"pandas {pd.__version__}", "date": datetime.date.today().isoformat(), "tolerance": "1e-12 relative: the mean of two middle values may be rounded once more",
    "customer": [int(v) for v in t.customer_id], "day": [int(v) for v in t.day], "amount": cells(t.amount), "median": cells(made.median_7), "run": [int(v) for v in made.run],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out) + "\n")
