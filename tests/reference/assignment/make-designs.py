"""Stratified hashing by hashlib, Mahalanobis distances by numpy, and the law of a difference after rerandomisation by scipy quadrature. Run: /usr/bin/python3 make-designs.py"""
import hashlib, json, pathlib
import numpy as np, scipy
from scipy import integrate, optimize, stats

rng = np.random.default_rng(23)
out = {"source": f"hashlib, numpy {np.__version__}, scipy {scipy.__version__}: make-designs.py"}
md5 = lambda t: hashlib.md5(t.encode()).hexdigest()
place = lambda salt, unit: int(md5(f"{salt}:{unit}")[:8], 16) / 2**32

units = [f"user-{i}" for i in range(60)] + ["Zoë", ""]; strata = [["DE", "FR", "IT", "Ü|x"][min(3, i % 7 // 2)] for i in range(len(units))]; strata[5] = "single"
arms = [0] * len(units)
for s in sorted(set(strata)):
    order = sorted((i for i in range(len(units)) if strata[i] == s), key=lambda i: md5(f"pricing:{units[i]}"))
    for k, i in enumerate(order):
        at = (k + place("pricing/stratum", s)) / len(order); arms[i] = 0 if at < .5 else 1 if at < .8 else 2
out["stratified"] = {"salt": "pricing", "shares": [.5, .3, .2], "units": units, "strata": strata, "arms": arms}

n = 40; x = np.round(rng.normal(size=(n, 3)) @ np.array([[1, .5, 0], [0, 1, 2], [0, 0, 1.]]), 6); w = (rng.random(n) < .4).astype(int)
d = x[w == 1].mean(0) - x[w == 0].mean(0)
out["distance"] = {"columns": x.T.tolist(), "arms": w.tolist(), "distance": (w == 1).sum() * (w == 0).sum() / n * d @ np.linalg.solve(np.cov(x.T), d)}

def upper(q, r2, k, a):
    f = lambda l: stats.norm.pdf(l) * (1 if k == 1 else stats.chi2.cdf(a - l * l, k - 1)) / stats.chi2.cdf(a, k) * stats.norm.sf((q - np.sqrt(r2) * l) / np.sqrt(1 - r2))
    e = np.sqrt(a); return sum(integrate.quad(f, lo, hi, epsabs=1e-13, epsrel=1e-12, limit=500)[0] for lo, hi in ((-e, 0), (0, e)))
out["law"] = []
for r2, k, acc in ((.5, 1, .01), (.5, 2, .01), (.9, 4, .01), (.3, 10, .001), (.7, 3, .2), (.99, 5, .05)):
    a = stats.chi2.ppf(acc, k)
    out["law"].append({"r2": r2, "k": k, "bound": a, "q975": optimize.brentq(lambda q: upper(q, r2, k, a) - .025, 0, 3, xtol=1e-12), "upper1": upper(1., r2, k, a)})

y = np.round(2 + x @ [.5, -.3, .2] + w * (1 + .4 * x[:, 0]) + rng.normal(0, .6, n), 6)
a1, a0, S = np.cov(np.column_stack([y, x])[w == 1].T), np.cov(np.column_stack([y, x])[w == 0].T), np.cov(x.T)
n1, n0 = w.sum(), n - w.sum(); proj = lambda c: c @ np.linalg.solve(S, c)
V = a1[0, 0] / n1 + a0[0, 0] / n0; r2 = (proj(a1[0, 1:]) / n1 + proj(a0[0, 1:]) / n0 - proj(a1[0, 1:] - a0[0, 1:]) / n) / V; acc = .02; a = stats.chi2.ppf(acc, 3)
q = optimize.brentq(lambda t: upper(t, r2, 3, a) - .025, 0, 3, xtol=1e-12); t = y[w == 1].mean() - y[w == 0].mean()
out["difference"] = {"y": y.tolist(), "acceptance": acc, "value": t, "r2": r2, "low": t - q * np.sqrt(V), "high": t + q * np.sqrt(V), "p": 2 * upper(abs(t) / np.sqrt(V), r2, 3, a),
                     "saved": r2 * (1 - stats.chi2.cdf(a, 5) / stats.chi2.cdf(a, 3))}
(pathlib.Path(__file__).parent / "designs.json").write_text(json.dumps(out, indent=1, default=float))
