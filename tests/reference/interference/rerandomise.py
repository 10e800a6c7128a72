"""Reference values for tests that assign clusters again: every assignment run with statsmodels-free numpy, CR2 by its matrix definition.

Run: /usr/bin/python3 rerandomise.py (numpy, scipy). CR2 here is built from the full hat matrix and an eigendecomposition, not from totals, so it shares no formula with the product.
"""
import datetime
import itertools
import json

import numpy as np


def cr2_t(y, arm, cluster):
    x = np.column_stack([np.ones(len(y)), arm])
    bread = np.linalg.inv(x.T @ x)
    beta = bread @ x.T @ y
    e = y - x @ beta
    meat = np.zeros((2, 2))
    for g in np.unique(cluster):
        i = cluster == g
        values, vectors = np.linalg.eigh(np.eye(i.sum()) - x[i] @ bread @ x[i].T)
        root = vectors @ np.diag(np.where(values > 1e-10, 1 / np.sqrt(np.maximum(values, 1e-300)), 0)) @ vectors.T
        s = x[i].T @ root @ e[i]
        meat += np.outer(s, s)
    v = bread @ meat @ bread
    return beta[1] / np.sqrt(v[1, 1])


def p_value(y, cluster, treated, delta=0.0):
    arm = np.isin(cluster, treated).astype(float)
    free = y - delta * arm
    seen = abs(cr2_t(free, arm, cluster))
    groups = np.unique(cluster)
    all_t = [abs(cr2_t(free, np.isin(cluster, chosen).astype(float), cluster)) for chosen in itertools.combinations(groups, len(treated))]
    return float(np.mean([t >= seen * (1 - 1e-9) for t in all_t])), len(all_t)


def end(y, cluster, treated, inside, outside, alpha):
    for _ in range(40):
        middle = (inside + outside) / 2
        if p_value(y, cluster, treated, middle)[0] > alpha:
            inside = middle
        else:
            outside = middle
    return outside


def main():
    rng = np.random.default_rng(5)
    sets = []
    for g, k, effect in ((8, 4, 1.2), (9, 3, 0.0), (10, 5, 2.5)):
        sizes = rng.integers(2, 7, g)
        cluster = np.repeat(np.arange(g), sizes)
        treated = list(range(k))
        y = np.round(5 + effect * np.isin(cluster, treated) + 0.6 * rng.standard_normal(g)[cluster] + rng.standard_normal(len(cluster)), 3)
        p, count = p_value(y, cluster, treated)
        item = {"cluster": cluster.tolist(), "treated": k, "y": y.tolist(), "p": p, "assignments": count}
        if g == 8:
            arm = np.isin(cluster, treated)
            centre = y[arm].mean() - y[~arm].mean()
            item["low"], item["high"] = end(y, cluster, treated, centre, centre - 20, 0.05), end(y, cluster, treated, centre, centre + 20, 0.05)
        sets.append(item)
    json.dump({"tool": f"numpy {np.__version__}", "made": str(datetime.date.today()), "script": "rerandomise.py", "sets": sets}, open("rerandomise.json", "w"), indent=1)


main()
