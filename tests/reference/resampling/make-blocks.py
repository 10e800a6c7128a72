"""Reference values for block lengths, jackknife and block resampling. Run: /usr/bin/python3 make-blocks.py (writes blocks.json beside it).

Block lengths: Politis and White 2004 with the correction of 2009, written from the papers in numpy (autocovariances over n, flat-top window). Jackknife: by its definition. Standard errors of the mean
under circular and stationary blocks: closed forms (Politis and Romano 1992, 1994, lemma 1), which a simulation of resamples must meet.
"""
import json
from datetime import date
from pathlib import Path
import numpy as np

rng = np.random.default_rng(20261122)


def ar(rho, n):
    e = np.zeros(n)
    e[0] = rng.normal() / np.sqrt(1 - rho ** 2)
    for t in range(1, n):
        e[t] = rho * e[t - 1] + rng.normal()
    return e.round(5)


def autocovariances(x):
    d = x - x.mean()
    n = len(x)
    return np.array([d[k:] @ d[: n - k] / n for k in range(n)])


def lengths(x):
    n = len(x)
    r = autocovariances(x)
    rho = r / r[0]
    kn = max(5, int(np.sqrt(np.log10(n))))
    mmax = int(np.ceil(np.sqrt(n))) + kn
    limit = 2 * np.sqrt(np.log10(n) / n)
    m = None
    for start in range(1, mmax - kn + 2):
        if np.all(np.abs(rho[start:start + kn]) < limit):
            m = max(1, start - 1)
            break
    if m is None:
        big = [k for k in range(1, mmax + 1) if abs(rho[k]) >= limit]
        m = big[-1] if big else 1
    M = min(2 * m, mmax)
    lam = lambda s: 1.0 if abs(s) <= 0.5 else max(0.0, 2 * (1 - abs(s)))
    ks = range(-M, M + 1)
    G = sum(lam(k / M) * abs(k) * r[abs(k)] for k in ks)
    g0 = sum(lam(k / M) * r[abs(k)] for k in ks)
    most = np.ceil(min(3 * np.sqrt(n), n / 3))
    f = lambda D: float(min(most, max(1.0, (2 * G ** 2 / D * n) ** (1 / 3))))
    return {"stationary": f(2 * g0 ** 2), "circular": f(4 / 3 * g0 ** 2)}


def mean_errors(x, b):
    n = len(x)
    d = x - x.mean()
    wrap = np.concatenate([d, d])
    circ = np.array([d @ wrap[k:k + n] / n for k in range(n)])  # circular autocovariances
    p = 1 / b
    stationary = circ[0] + 2 * sum(((1 - k / n) * (1 - p) ** k + k / n * (1 - p) ** (n - k)) * circ[k] for k in range(1, n))
    stationary2 = circ[0] + 2 * sum((1 - k / n) * (1 - p) ** k * circ[k] for k in range(1, n))
    block = int(round(b))
    full, rest = divmod(n, block)
    sums = np.array([wrap[i:i + block].sum() for i in range(n)])
    circular = full * np.mean(sums ** 2)
    if rest:
        circular += np.mean(np.array([wrap[i:i + rest].sum() for i in range(n)]) ** 2)
    return {"length": b, "stationary": float(np.sqrt(stationary2 / n)), "circular": float(np.sqrt(circular) / n)}


series = {f"rho{int(100 * rho)}": ar(rho, n) for rho, n in ((0.0, 200), (0.5, 200), (0.8, 400), (-0.4, 150))}
sample = rng.exponential(size=40).round(4)
groups = rng.integers(0, 9, size=40)
ratio = lambda v: v.var() / v.mean()


def jackknife(v, g=None):
    g = np.arange(len(v)) if g is None else g
    names = list(dict.fromkeys(g.tolist()))
    est = ratio(v)
    left = np.array([ratio(v[g != c]) for c in names])
    h = np.array([len(v) / (g == c).sum() for c in names])
    theta = len(names) * est - sum((1 - 1 / h) * left)
    pseudo = h * est - (h - 1) * left
    return {"estimate": float(est), "bias": float(est - theta), "error": float(np.sqrt(np.mean((pseudo - theta) ** 2 / (h - 1))))}


result = {
    "series": {k: {"values": v.tolist(), **lengths(v)} for k, v in series.items()},
    "meanErrors": mean_errors(series["rho50"], 7.0),
    "sample": sample.tolist(), "groups": groups.tolist(), "jackknife": jackknife(sample), "groupJackknife": jackknife(sample, groups),
    "tool": f"numpy {np.__version__}", "script": "make-blocks.py", "made": date.today().isoformat(),
}
Path(__file__).with_name("blocks.json").write_text(json.dumps(result) + "\n")
