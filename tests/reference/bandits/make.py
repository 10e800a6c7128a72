"""Adaptive inference, off-policy values and Thompson shares by plain loops in numpy and scipy quadrature. Run: python3 make.py [folder of the open bandit files]"""
import gzip, json, pathlib, sys
import numpy as np, pandas as pd
from scipy import integrate, stats

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(41)
out = {"source": "numpy loops and scipy quadrature: make.py"}

# Thompson shares: quadrature of f_a(x) * product of F_b(x).
out["shares"] = []
for s, n in (([3, 5], [10, 12]), ([0, 0], [0, 0]), ([210, 260], [1000, 1100]), ([900, 12], [1000, 14]), ([4, 6, 5], [20, 22, 30]), ([40, 61, 50, 55], [200, 220, 260, 240])):
    dist = [stats.beta(1 + a, 1 + b - a) for a, b in zip(s, n)]
    p = [integrate.quad(lambda x: dist[a].pdf(x) * np.prod([d.cdf(x) for i, d in enumerate(dist) if i != a]), 0, 1, limit=2000, points=sorted({float(d.mean()) for d in dist}), epsabs=1e-13)[0] for a in range(len(s))]
    out["shares"].append({"successes": s, "trials": n, "chances": p})

# Adaptive weights: three arms, shares set anew every 20 rows.
T, K = 240, 3
e = np.repeat(rng.dirichlet([2, 2, 2], T // 20), 20, 0); e = .05 + .85 * e
arm = np.array([rng.choice(K, p=row) for row in e]); y = np.round(rng.normal(1 + .3 * arm, 1), 4)
score = np.zeros((T, K)); h = np.zeros(T)
for t in range(T):
    for a in range(K):
        past = y[:t][arm[:t] == a]
        m = past.mean() if len(past) else (y[:t].mean() if t else 0.)
        score[t, a] = m + (arm[t] == a) * (y[t] - m) / e[t, a]
    h[t] = 1 / np.sqrt((1 / e[t]).sum())
def estimate(g):
    v = (h * g).sum() / h.sum(); se = np.sqrt((h ** 2 * (g - v) ** 2).sum()) / h.sum()
    return {"value": v, "se": se, "p": 2 * stats.norm.sf(abs(v / se))}
out["adaptive"] = {"arm": arm.tolist(), "reward": y.tolist(), "probabilities": e.ravel().tolist(), "means": [estimate(score[:, a]) for a in range(K)],
                   "differences": [estimate(score[:, a] - score[:, 0]) for a in (1, 2)], "effective": h.sum() ** 2 * K * K / T}

# Off-policy values of a small log.
n = 60
b = rng.dirichlet([3, 3], n); a = np.array([rng.choice(2, p=r) for r in b]); r = np.round(rng.normal(2 + a, 1), 4); pr = b[np.arange(n), a]; tg = np.where(a == 1, .8, .2)
q = np.array([2.1, 2.9]); clip = 2.5
def values(r, pr, tg, qa, qp, clip):
    w = tg / pr; c = np.minimum(w, clip); n = len(r)
    mean = lambda v: {"value": v.mean(), "se": v.std(ddof=1) / np.sqrt(len(v))}
    sn = (c * r).sum() / c.sum(); own = sn + c * (r - sn) * n / c.sum(); dr = qp + c * (r - qa)
    return {"ips": mean(c * r), "snips": mean(own), "dr": mean(dr), "logged": mean(r), "difference": mean(dr - r), "effective": c.sum() ** 2 / (c ** 2).sum(), "largest": c.max(), "clipped": (w > clip).mean(), "weight": w.mean(), "weight_se": w.std(ddof=1) / np.sqrt(n)}
out["offpolicy"] = {"reward": r.tolist(), "propensity": pr.tolist(), "target": tg.tolist(), "chosen": q[a].tolist(), "policy": float(.2 * q[0] + .8 * q[1]), "clip": clip, **values(r, pr, tg, q[a], np.full(n, .2 * q[0] + .8 * q[1]), clip)}

# What even shares would have earned, from the log of a Thompson bandit; and what they did earn.
if len(sys.argv) > 1:
    folder = pathlib.Path(sys.argv[1])
    ts = pd.read_csv(folder / "bts_men.csv.gz"); even = pd.read_csv(folder / "random_men.csv.gz")
    ts = ts.iloc[np.argsort(pd.to_datetime(ts.timestamp).values, kind="stable")]
    r = ts.click.values.astype(float); pr = ts.propensity_score.values; a = ts.item_id.values; k = 34; n = len(r)
    qa = np.zeros(n); qp = np.zeros(n); i = np.arange(n)
    for f in range(5):
        tr = i % 5 != f; overall = r[tr].mean()
        m = np.array([(r[tr][a[tr] == j].sum() + overall) / ((a[tr] == j).sum() + 1) for j in range(k)])
        qa[~tr] = m[a[~tr]]; qp[~tr] = m.mean()
    out["open_bandit"] = {**values(r, pr, np.full(n, 1 / k), qa, qp, np.sqrt(n)), "even": even.click.mean(), "rows": n}
(here / "bandits.json").write_text(json.dumps(out, indent=1, default=float))
