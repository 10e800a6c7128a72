"""Labels: the whole table is known here, so shares are counted rather than estimated; the replay of choosing against drawing is done again with scikit-learn and numpy, on draws of its own."""

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.proportion import proportion_confint

FOLDS = 4
REPEATS = 3
STEPS = 5


def rules(frame, text):
    kept = np.zeros(len(frame), bool)
    for rule in text.split(","):
        name, value = rule.split(">")
        kept |= (frame[name] > float(value)).to_numpy()
    return kept


def leaders(unit, vehicle, rows, cosine):
    kept = []
    by = {}
    for i in rows:
        mine = by.setdefault(vehicle[i], [])
        if not mine or max(unit[mine] @ unit[i]) < cosine:
            mine.append(i)
            kept.append(i)
    return np.array(kept)


def cover(points, nearest, allowed, wanted):
    picked = []
    for _ in range(wanted):
        if not allowed.any():
            break
        row = int(np.argmax(np.where(allowed, nearest, -1)))
        picked.append(row)
        allowed[row] = False
        nearest[:] = np.minimum(nearest, ((points - points[row]) ** 2).sum(1))
    return picked


def fit(x, y, rows):
    return LogisticRegression(C=1, max_iter=2_000).fit(x[rows], y[rows])


def choose(x, y, unit, pool, random, budget, today):
    """A quarter of each step drawn at random, the rest from the half of the pool that the model is least sure of, farthest from all that is bought."""
    rows = np.concatenate([pool, random[:budget]])
    points, nearest, open_ = unit[rows], np.full(len(rows), np.inf), np.arange(len(rows)) < len(pool)
    taken, drawn = [], 0
    for step in [budget // 2**k for k in range(STEPS - 1, -1, -1)]:
        for i in random[drawn : round(0.25 * step)]:
            at = int(np.flatnonzero(rows == i)[0])
            if i not in taken:
                taken.append(i)
                nearest = np.minimum(nearest, ((points - points[at]) ** 2).sum(1))
                open_[rows == i] = False
        drawn = max(drawn, round(0.25 * step))
        wanted = step - len(taken)
        left = np.flatnonzero(open_)
        sure = np.abs(fit(x, y, taken).decision_function(x[rows[left]])) if step > budget // 2 ** (STEPS - 1) else np.abs(today[rows[left]] - 0.5)
        allowed = np.zeros(len(rows), bool)
        allowed[left[np.argsort(sure, kind="stable")[: max(wanted, -(-len(left) // 2))]]] = True
        picked = cover(points, nearest, allowed, wanted)
        open_[picked] = False
        taken += list(rows[picked])
    return taken


def replay(frame, x, y, unit, kept, rare, budget, today):
    rng = np.random.default_rng(1)
    vehicle = frame["vehicle"].to_numpy()
    pool = leaders(unit, vehicle, np.flatnonzero(kept), 0.98)
    wrong = np.zeros(2)
    for _ in range(REPEATS):
        names = rng.permutation(np.unique(vehicle))
        for fold in range(FOLDS):
            test = np.isin(vehicle, names[fold::FOLDS])
            random = rng.permutation(np.flatnonzero(~test))[:budget]
            chosen = choose(x, y, unit, pool[~test[pool]], random, budget, today)
            judged = test & rare
            for way, rows in enumerate((random, chosen)):
                wrong[way] += (fit(x, y, rows).predict(x[judged]) != y[judged]).sum()
    return (wrong[1] - wrong[0]) / (rare.sum() * REPEATS)


def label_numbers(folder, o):
    frame = pd.read_csv(folder / o["data"])
    x = frame[[c for c in frame.columns if c.startswith(o["embedding"].rstrip("*")) and c[1:].isdigit()]].to_numpy()
    y = frame[o["target"]].to_numpy()
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    today = frame[o["score"]].to_numpy()
    kept = rules(frame, o["keep"])
    share = frame.groupby(o["scenario"])[o["scenario"]].transform("size").to_numpy() / len(frame)
    out = []

    def add(of, field, expected, tolerance, how):
        out.append({"of": of, "field": field, "expected": float(expected), "tolerance": float(tolerance), "how": how})

    # The audit slice holds about 12,000 rows at the small size and 20,000 at the full one: four standard errors of a share of them.
    wrong = (today > 0.5) != (y == 1)
    for of, rate in (("share of cases", y.mean()), ("error of today's model", wrong.mean()), ("errors no trigger keeps", (wrong & ~kept).mean())):
        add(of, "value", rate, 4 * np.sqrt(rate * (1 - rate) / 8_000) / rate, "pandas, all rows; within four standard errors of the slice")
    kappa = cohen_kappa_score(y, frame[o["second"]])
    add("agreement of annotators", "value", kappa, 0.018, "scikit-learn cohen_kappa_score, all rows; within four standard errors of the slice")
    test, train = frame[frame[o["split"]] == "test"], frame[frame[o["split"]] == "train"]
    shared = int(test[o["group"]].isin(set(train[o["group"]])).sum())
    add("group-leakage-across-splits", "statistic", proportion_confint(shared, len(test), 0.02, "wilson")[0] if shared else 0.0, 1e-9, "pandas isin, statsmodels wilson 98 %")
    at = np.random.default_rng(2).choice(test.index.to_numpy(), 500, replace=False)
    side, vehicle = (frame[o["split"]] == "train").to_numpy(), frame[o["group"]].to_numpy()
    near = [bool((unit[side & (vehicle == vehicle[i])] @ unit[i] >= 0.98).any()) for i in at]
    add("near-duplicate-across-split", "statistic", proportion_confint(sum(near), len(near), 0.02, "wilson")[0] if any(near) else 0.0, 0.02, "numpy: cosines of 500 test rows with all of training, statsmodels wilson")
    if shared == 0:
        difference = replay(frame, x, y, unit, kept, share < 0.01, int(o["budget"]), today)
        add("error difference", "value", difference, 0.05 / abs(difference), "scikit-learn and numpy: the replay on other draws, judged on every row held out; within 5 points, the margin that the decision asks for")
    return out
