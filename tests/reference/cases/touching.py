"""Numbers of cases whose units touch, from the exported data: plain numpy and pandas, no formula shared with the product. Called by make.py."""
import numpy as np
import pandas as pd


def touching_numbers(folder, o):
    frame = pd.read_csv(folder / o["data"])
    metric, arm, control = o["metric"], o["variant"], o["control"]
    if "switchback" in o:
        return switchback(frame, o, metric, arm, control)
    if "edges" in o:
        return links(folder, frame, o, metric, arm, control)
    on = frame[frame[arm] != control]
    off = frame[frame[arm] == control]
    return [number("difference", "value", on[metric].mean() - off[metric].mean(), 1e-9, "pandas, mean over rows", metric, "primary")]


def number(of, field, expected, tolerance, how, metric, role):
    return {"of": of, "field": field, "expected": float(expected), "tolerance": tolerance, "how": how, "metric": metric, "role": role}


def switchback(frame, o, metric, arm, control):
    """One row per zone and block; a burn-in of whole blocks weights each by 2 to the number of blocks, the same for all."""
    burn = int(o.get("burn-in", 0))
    frame = frame.sort_values(["zone", "block_start"])
    on = (frame[arm] != control).astype(int)
    same = pd.Series(True, index=frame.index)
    for lag in range(1, burn + 1):
        same &= on.groupby(frame["zone"]).shift(lag) == on
    kept, treated = frame[same], on[same] == 1
    return [number("difference", "value", kept[metric][treated].mean() - kept[metric][~treated].mean(), 1e-9, "pandas, blocks after the burn-in", metric, "primary")]


def links(folder, frame, o, metric, arm, control):
    """Units taken as independent, and the share of edges between arms."""
    on = frame[frame[arm] != control]
    off = frame[frame[arm] == control]
    naive = on[metric].mean() - off[metric].mean()
    if "cluster" not in o:
        return [number("difference", "value", naive, 1e-9, "pandas, treated against control as they were mixed", metric, "primary")]
    edges = pd.read_csv(folder / o["edges"]).to_numpy()
    pairs = {(min(a, b), max(a, b)) for a, b in edges if a != b}
    place = {u: i for i, u in enumerate(frame[o["unit"]])}
    treated = (frame[arm] != control).to_numpy()
    met, count = np.zeros(len(frame)), np.zeros(len(frame))
    for a, b in pairs:
        i, j = place[a], place[b]
        met[i] += treated[j]
        met[j] += treated[i]
        count[i] += 1
        count[j] += 1
    share = np.where(count > 0, met / np.maximum(count, 1), treated)
    surrounded = float(o.get("surrounded", 0.7))
    y = frame[metric].to_numpy()

    # Without weights: probabilities of being surrounded hardly differ between units of equal communities, so the weighted means agree within a few per cent.
    total = y[treated & (share >= surrounded)].mean() - y[~treated & (share <= 1 - surrounded)].mean()
    return [number("difference", "value", total, 0.05, "numpy, plain means of surrounded units: the effect as met", metric, "sensitivity")]
