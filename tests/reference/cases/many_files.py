"""Independent answers for a loop over many small files: what the loop takes, by arithmetic, and how many cells the row above in the file would change, by pandas."""

import pandas as pd


def many_file_numbers(folder, o):
    names = sorted(folder.glob(o["data"]))
    steps = {k: float(v) for k, v in (w.split("=") for w in o["loop-steps"].split(","))}
    how = "files times the sum of the steps"
    out = [
        {"of": "resource-budget-exceeded", "field": "statistic", "expected": len(names) * sum(steps.values()) / 1000, "tolerance": 1e-9, "how": how},
        {"of": "resource-budget-exceeded", "field": "threshold", "expected": float(o["time-budget"]), "tolerance": 1e-12, "how": "the budget as typed"},
    ]
    if "against" not in o:
        return out
    loop = pd.read_csv(folder / o["against"])
    t = pd.concat([pd.read_csv(f) for f in names])
    t = t[t.customer_id.isin(loop.customer_id)].reset_index(drop=True)

    def made(rows, unit):
        median = rows.groupby(unit)["amount"].transform(lambda x: x.rolling(7, min_periods=1).median())
        met = rows["amount"] >= 20
        block = (~met).groupby(unit).cumsum()
        return pd.DataFrame({"row_id": rows.row_id, "median_7": median, "run": met.groupby([unit, block]).cumsum().astype(int)}).set_index("row_id").sort_index()

    ordered = t.sort_values(["customer_id", "day", "row_id"], kind="stable")
    meant = made(ordered, ordered.customer_id)
    written = loop.set_index("row_id").sort_index()
    assert ((meant.median_7 - written.median_7).abs().fillna(0) <= 1e-12 * meant.median_7.abs().fillna(1)).all() and (meant.median_7.isna() == written.median_7.isna()).all() and (meant.run == written.run).all()
    above = made(t, pd.Series(0, index=t.index))
    moved = [int(((meant[c] - above[c]).abs().fillna(0) > 1e-12).sum() + (meant[c].isna() != above[c].isna()).sum()) for c in ("median_7", "run")]
    return out + [{"of": "window-frame-mismatch", "field": "statistic", "expected": 2.0 * max(moved), "tolerance": 1e-9, "how": "pandas rolling median and streak by customer and over the files"}]
