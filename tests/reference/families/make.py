"""Reference values for Gnomon.Methods.Families and Sidak's sizes. Run: python3 make.py (statsmodels, scipy, numpy)."""
import datetime, itertools, json, math, pathlib
import numpy as np, scipy.special as sp, statsmodels
from statsmodels.stats.multitest import multipletests

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(20260601)
p = [0.0004, 0.02, 0.9, 0.013, 0.04, 1e-20, 0.5, 1.0]
sidak = dict(p=p, sidak=multipletests(p, method="sidak")[1].tolist(), holmSidak=multipletests(p, method="holm-sidak")[1].tolist())

# Graphs by the closure principle: every intersection hypothesis J is tested with the weights that are left when all others are removed; the adjusted p-value of i is the
# largest over all J that hold i of min(p_j / w_j(J)). Written from the definition, not from the shortcut.
def weights_of(J, w, G):
    w, G, alive = list(w), [list(r) for r in G], list(range(len(w)))
    for j in [i for i in range(len(w)) if i not in J]:
        alive.remove(j)
        nw, nG = list(w), [[0.0] * len(w) for _ in w]
        for l in alive:
            nw[l] = w[l] + w[j] * G[j][l]
            for k in alive:
                if l != k and G[l][j] * G[j][l] < 1:
                    nG[l][k] = (G[l][k] + G[l][j] * G[j][k]) / (1 - G[l][j] * G[j][l])
        w, G = nw, nG
    return w
def closure(p, w, G):
    m, out = len(p), [0.0] * len(p)
    for size in range(1, m + 1):
        for J in itertools.combinations(range(m), size):
            v = weights_of(J, w, G)
            value = min([1.0] + [p[j] / v[j] for j in J if v[j] > 0])
            for j in J: out[j] = max(out[j], value)
    return out
graphs = []
# two primaries that pass to each other's secondary; a fallback chain; Holm as a graph
for w, G in [([0.5, 0.5, 0, 0], [[0, 0.5, 0.5, 0], [0.5, 0, 0, 0.5], [0, 1, 0, 0], [1, 0, 0, 0]]),
             ([0.6, 0.3, 0.1], [[0, 1, 0], [0, 0, 1], [0.5, 0.5, 0]]),
             ([0.25] * 4, [[0 if i == j else 1 / 3 for j in range(4)] for i in range(4)])]:
    for _ in range(4):
        q = np.round(rng.beta(0.3, 4, len(w)), 5).tolist()
        graphs.append(dict(p=q, weights=w, transfer=G, adjusted=closure(q, w, G)))

# Online procedures, written from the papers' formulas one test at a time.
stream = np.where(rng.random(60) < 0.3, rng.beta(0.1, 8, 60), rng.random(60)).tolist()
def lord(ps, alpha, share):
    g = lambda t: 0.07720838 * math.log(max(t, 2)) / (t * math.exp(math.sqrt(math.log(t))))
    w0, taus, out = share * alpha, [], []
    for t, q in enumerate(ps, 1):
        a = w0 * g(t) + (sum((alpha - w0) * g(t - x) for x in taus[:1]) + sum(alpha * g(t - x) for x in taus[1:]))
        out.append(a)
        if q <= a: taus.append(t)
    return out, taus
def saffron(ps, alpha, lam, share):
    c = 1 / sp.zeta(1.6); g = lambda t: c / t ** 1.6
    W, w0, taus, out = (1 - lam) * alpha, share * (1 - lam) * alpha, [], []
    for t, q in enumerate(ps, 1):
        cand = lambda start: sum(1 for i in range(start + 1, t) if ps[i - 1] <= lam)
        a = w0 * g(t - cand(0)) + sum((W - w0 if j == 0 else W) * g(t - x - cand(x)) for j, x in enumerate(taus))
        a = min(lam, a); out.append(a)
        if q <= a: taus.append(t)
    return out, taus
l, lt = lord(stream, 0.05, 0.1); s, stau = saffron(stream, 0.05, 0.5, 0.5)
online = dict(p=stream, lord=l, lordDiscoveries=lt, saffron=s, saffronDiscoveries=stau)

# Storey's q by definition: smallest estimated rate over all thresholds at or above p.
q = rng.beta(0.5, 2, 40).round(4)
pi0 = min(1.0, (1 + (q > 0.5).sum()) / (0.5 * len(q)))
storey = dict(p=q.tolist(), nullShare=float(pi0), q=[float(min(min(1.0, len(q) * t / (q <= t).sum()) * pi0 for t in q[q >= x])) for x in q])

# maxT by full enumeration of the relabellings of a small data set: step-down from the definition.
x, y = rng.normal(0.8, 1, (5, 3)), rng.normal(0, 1, (4, 3))
z = np.vstack([x, y])
def t(a, b): return np.abs((a.mean(0) - b.mean(0)) / np.sqrt(a.var(0, ddof=1) / len(a) + b.var(0, ddof=1) / len(b)))
obs, order = t(x, y), np.argsort(-t(x, y))
allt = np.array([t(z[list(c)], z[[i for i in range(9) if i not in c]]) for c in itertools.combinations(range(9), 5)])
adj, run = [0.0] * 3, 0.0
for r, m in enumerate(order):
    run = max(run, float((allt[:, order[r:]].max(1) >= obs[m] * (1 - 1e-10)).mean())); adj[m] = run
maxt = dict(x=x.T.tolist(), y=y.T.tolist(), t=obs.tolist(), alone=[float((allt[:, m] >= obs[m] * (1 - 1e-10)).mean()) for m in range(3)], adjusted=adj)

body = dict(sidak=sidak, graphs=graphs, online=online, storey=storey, maxT=maxt, tool=f"statsmodels {statsmodels.__version__}, numpy {np.__version__}", made=datetime.date.today().isoformat(), script="make.py")
(here / "families.json").write_text(json.dumps(body, indent=1) + "\n")
