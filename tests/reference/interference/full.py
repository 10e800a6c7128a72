"""Reference values for the effect of everybody against nobody: slopes and influence by numpy's least squares, probabilities of exposures by full enumeration of the design.
Run: /usr/bin/python3 full.py > full.json (numpy, scipy)"""
import datetime
import itertools
import json

import numpy as np
from scipy import stats

rng = np.random.default_rng(11)
K, SIZE, THETA, LEAST = 16, 12, 0.7, 0.02
n = K * SIZE
cluster = np.repeat(np.arange(K), SIZE)
treated = np.array([0, 2, 3, 6, 9, 10, 13, 15])
edges = set()
for i in range(n):
    for _ in range(3):
        j = int(rng.integers(n)) if rng.random() < 0.12 else int(cluster[i] * SIZE + rng.integers(SIZE))
        if i != j:
            edges.add((min(i, j), max(i, j)))
edges = sorted(edges)
near = [[] for _ in range(n)]
for a, b in edges:
    near[a].append(b)
    near[b].append(a)
A = np.zeros((n, n))
for a, b in edges:
    A[a, b] = A[b, a] = 1
degree = A.sum(1)
linked = degree > 0


def share(arms):
    return np.where(linked, A @ arms / np.maximum(degree, 1), arms)


def kinds(arms):
    s = share(arms)
    return np.where(s >= THETA - 1e-12, np.where(arms == 1, 3, 1), np.where(s <= 1 - THETA + 1e-12, np.where(arms == 1, 2, 0), 4))


arms = np.isin(cluster, treated).astype(float)
s = share(arms)
y = np.round(10 + rng.normal(0, 0.5, K)[cluster] + 2 * arms - 1.5 * s - 0.8 * s * s + rng.normal(0, 1, n), 3)
y[[5, 60]] = np.nan
known = ~np.isnan(y)

p11, p00 = np.zeros(n), np.zeros(n)
designs = list(itertools.combinations(range(K), 8))
for chosen in designs:
    k = kinds(np.isin(cluster, chosen).astype(float))
    p11 += k == 3
    p00 += k == 0
p11 /= len(designs)
p00 /= len(designs)

inside = np.array([sum(cluster[j] == cluster[i] for j in near[i]) for i in range(n)])
chance = np.where(arms == 1, 7 / 15, 8 / 15)
expected = np.where(linked, (arms * inside + (degree - inside) * chance) / np.maximum(degree, 1), arms)
variance = np.zeros(n)
for i in range(n):
    outside = [cluster[j] for j in near[i] if cluster[j] != cluster[i]]
    m = np.array([outside.count(c) for c in range(K) if c != cluster[i]], float)
    p, others = chance[i], K - 1
    cov = -p * (1 - p) / (others - 1) * np.ones((others, others)) + np.eye(others) * (p * (1 - p) + p * (1 - p) / (others - 1))
    variance[i] = m @ cov @ m / max(degree[i], 1) ** 2


def within(v, use):
    r = v.astype(float).copy()
    for c in range(K):
        g = use & (cluster == c)
        if g.any():
            r[g] -= r[g].mean(axis=0)
    return r


seen = kinds(arms)
can = known & (p11 >= LEAST) & (p00 >= LEAST)
w1, w0 = np.where(can & (seen == 3), 1 / np.maximum(p11, 1e-9), 0), np.where(can & (seen == 0), 1 / np.maximum(p00, 1e-9), 0)
yy = np.where(known, y, 0)
m1, m0 = (w1 @ yy) / w1.sum(), (w0 @ yy) / w0.sum()
s1, s0 = (w1 @ s) / w1.sum(), (w0 @ s) / w0.sum()
slopes, phi, bends = {}, np.zeros(n), {}
for arm in (1, 0):
    use = known & linked & (arms == arm)
    X = within(np.column_stack([s - expected, expected]), use)[use]
    Y = within(yy, use)[use]
    b = np.linalg.lstsq(X, Y, rcond=None)[0]
    slopes[arm] = b[0]
    lever = np.linalg.solve(X.T @ X, [1, 0])
    phi[use] += (1 - s1 if arm else s0) * (X @ lever) * (Y - X @ b)
    X = within(np.column_stack([s - expected, s * s - expected ** 2 - variance, expected, expected ** 2 + variance]), use)[use]
    b = np.linalg.lstsq(X, Y, rcond=None)[0]
    lever = np.linalg.solve(X.T @ X, [0, 1, 0, 0])
    u = np.bincount(cluster[use], weights=(X @ lever) * (Y - X @ b), minlength=K)
    h = np.bincount(cluster[use], weights=(X @ lever) ** 2, minlength=K) / ((X @ lever) ** 2).sum()
    bends[arm] = (b[0], b[1], ((u / (1 - h)) ** 2).sum())
whole = phi + w1 / w1.sum() * (yy - m1 + slopes[1] * (1 - s - (1 - s1))) - w0 / w0.sum() * (yy - m0 - slopes[0] * (s - s0))
met = w1 / w1.sum() * (yy - m1) - w0 / w0.sum() * (yy - m0)
more = K / (K - 1)
by = np.bincount(cluster, weights=np.where(known, whole, 0), minlength=K)
metBy = np.bincount(cluster, weights=np.where(known, met, 0), minlength=K)
q1, q0 = (w1 @ s ** 2) / w1.sum(), (w0 @ s ** 2) / w0.sum()
F = sum(b[1] ** 2 / b[2] for b in bends.values()) / 2
print(json.dumps({
    "tool": f"numpy {np.__version__}", "made": str(datetime.date.today()), "script": "full.py", "surrounded": THETA, "units": n, "cluster": cluster.tolist(), "treated": treated.tolist(), "edges": [list(e) for e in edges],
    "y": [None if np.isnan(v) else float(v) for v in y], "probability11": p11.tolist(), "probability00": p00.tolist(),
    "met": m1 - m0, "firstTreated": s1, "secondTreated": s0, "treatedSlope": slopes[1], "controlSlope": slopes[0], "everybody": m1 + (1 - s1) * slopes[1], "nobody": m0 - s0 * slopes[0],
    "clusterError": float(np.sqrt((by ** 2).sum() * more)), "metError": float(np.sqrt((metBy ** 2).sum() * more)),
    "statistic": F, "p": float(stats.f.sf(F, 2, 7)),
    "curved": m1 + bends[1][0] * (1 - s1) + bends[1][1] * (1 - q1) - (m0 - bends[0][0] * s0 - bends[0][1] * q0)}))
