"""A rate weighted to one margin of the population, by arithmetic: what raking to a single margin is."""

import numpy as np
import pandas as pd
import scipy.stats as st


def population_numbers(folder, o):
    frame = pd.read_csv(folder / o["data"])
    margins = pd.read_csv(folder / o["reference"])
    column = margins["variable"].iloc[0]
    shares = dict(zip(margins["value"], margins["share"]))
    seen = frame[column].value_counts(normalize=True)
    if max(abs(seen[v] - s) for v, s in shares.items()) <= 0.02:
        return []
    w = frame[column].map(lambda v: shares[v] / seen[v]).to_numpy()
    y = (frame[o["target"]] == "yes").to_numpy(float)
    n, mean = len(y), np.average(y, weights=w)
    z = w * (y - pd.Series(y).groupby(frame[column]).transform("mean").to_numpy()) / w.sum()
    error = np.sqrt(((z - z.mean()) ** 2).sum() * n / (n - 1))
    half = st.t.ppf(0.975, n - 1) * error
    how = "numpy: shares of the population times the rates of the groups, post-stratified variance (R survey svymean agrees)"
    name, metric = f"rate weighted to {o['reference']}", f"{o['target']} = yes"
    return [{"of": name, "field": f, "expected": float(v), "tolerance": 1e-9, "how": how, "metric": metric} for f, v in (("value", mean), ("low", mean - half), ("high", mean + half))]
