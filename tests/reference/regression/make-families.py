"""Reference values for Tweedie regression and for errors of time series with their own critical values.

Run: /usr/bin/python3 make-families.py (writes families-python.json beside it). Tweedie coefficients: statsmodels GLM; densities: mpmath, 40 digits, by the series in full; the
profile of the power: a grid and golden section over them. Cosines and fixed-b: the formulas of the papers in numpy; the law of the t statistic under fixed-b: simulated here.
"""
import json
from datetime import date
from pathlib import Path
import mpmath as mp
import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy.optimize import minimize_scalar
from scipy.special import gammaln, logsumexp

rng = np.random.default_rng(20261122)
n = 200
x = rng.normal(size=n).round(4)
g = (rng.random(n) < 0.4).astype(float)
mu = np.exp(1.0 + 0.4 * x - 0.5 * g)
counts = rng.poisson(mu ** 0.4 / 0.8)
y = np.array([rng.gamma(1.5 * c, 0.9 * m ** 0.6) if c else 0.0 for c, m in zip(counts, mu)]).round(4)
X = np.column_stack([np.ones(n), x, g])


def log_density(y, mu, phi, p):
    if y == 0:
        return -mu ** (2 - p) / (phi * (2 - p))
    a = (2 - p) / (p - 1)
    top = max(1, int(y ** (2 - p) / (phi * (2 - p))))
    j = np.arange(1, 12 * top + 300)
    terms = j * (a * np.log(y) - a * np.log(p - 1) - (1 + a) * np.log(phi) - np.log(2 - p)) - gammaln(1 + j) - gammaln(a * j)
    return (y * mu ** (1 - p) / (1 - p) - mu ** (2 - p) / (2 - p)) / phi - np.log(y) + logsumexp(terms)


def exact(y, mu, phi, p):
    mp.mp.dps = 40
    y, mu, phi, p = map(mp.mpf, (repr(y), repr(mu), repr(phi), repr(p)))
    if y == 0:
        return float(-mu ** (2 - p) / (phi * (2 - p)))
    a = (2 - p) / (p - 1)
    z = y ** a / ((p - 1) ** a * phi ** (1 + a) * (2 - p))
    top = max(1, int(y ** (2 - p) / (phi * (2 - p))))
    total = mp.nsum(lambda j: mp.exp(j * mp.log(z) - mp.loggamma(1 + j) - mp.loggamma(a * j)), [1, 6 * top + 200])
    return float((y * mu ** (1 - p) / (1 - p) - mu ** (2 - p) / (2 - p)) / phi - mp.log(y) + mp.log(total))


def glm(p):
    return sm.GLM(y, X, family=sm.families.Tweedie(link=sm.families.links.log(), var_power=p)).fit(tol=1e-12, maxiter=200)


def profile(p):
    m = glm(p).mu
    f = lambda s: -sum(log_density(v, w, np.exp(s), p) for v, w in zip(y, m))
    r = minimize_scalar(f, bounds=(-3, 3), method="bounded", options={"xatol": 1e-8})
    return r.fun, np.exp(r.x)


fit = glm(1.5)
best = minimize_scalar(lambda p: profile(p)[0], bounds=(1.1, 1.9), method="bounded", options={"xatol": 1e-5})
cases = [(0.0, 2.0, 1.3, 1.4), (0.02, 2.0, 1.3, 1.4), (3.5, 2.0, 0.01, 1.6), (250.0, 300.0, 0.7, 1.2), (1.0, 0.5, 30.0, 1.85), (7.0, 6.0, 0.3, 1.02), (7.0, 6.0, 0.3, 1.97)]

# a series with memory: cosines and fixed-b
T = 100
e = np.zeros(T)
for t in range(1, T):
    e[t] = 0.5 * e[t - 1] + rng.normal()
v = np.zeros(T)
for t in range(1, T):
    v[t] = 0.5 * v[t - 1] + rng.normal()
v, e = v.round(4), e.round(4)
ys = (1 + 0.3 * v + e).round(4)
Z = np.column_stack([np.ones(T), v])
bread = np.linalg.inv(Z.T @ Z)
b = bread @ Z.T @ ys
u = Z * (ys - Z @ b)[:, None]
B = int(0.41 * T ** (2 / 3))
L = [np.sqrt(2 / T) * sum(np.cos(np.pi * j * (t + 0.5) / T) * u[t] for t in range(T)) for j in range(1, B + 1)]
cosine = bread @ (T * sum(np.outer(l, l) for l in L) / B) @ bread
S = int(np.ceil(1.3 * np.sqrt(T)))
omega = u.T @ u
for lag in range(1, S):
    c = u[lag:].T @ u[:-lag]
    omega = omega + (1 - lag / S) * (c + c.T)
bartlett = bread @ omega @ bread


def fixed_b_quantiles(share, draws=40000, steps=500):
    """Upper 5, 2.5 and 1 % points of the limit t statistic under Bartlett weights, from Gaussian location models of 500 steps."""
    s = int(round(share * steps))
    r = np.random.default_rng(7)
    out = []
    for _ in range(draws // 1000):
        w = r.normal(size=(1000, steps))
        m = w.mean(axis=1, keepdims=True)
        d = w - m
        cum = np.cumsum(d, axis=1)
        # Bartlett long-run variance by partial sums: (2 / s) (sum C_t^2 - sum C_t C_{t+s}) / T
        lrv = 2.0 / s * ((cum ** 2).sum(axis=1) - (cum[:, :-s] * cum[:, s:]).sum(axis=1) if s < steps else (cum ** 2).sum(axis=1)) / steps
        out.append(np.sqrt(steps) * m[:, 0] / np.sqrt(lrv))
    q = np.abs(np.concatenate(out))
    return [float(np.quantile(q, 1 - 2 * a)) for a in (0.05, 0.025, 0.01)]


result = {
    "x": x.tolist(), "g": g.tolist(), "y": y.tolist(),
    "tweedie": {"coefficients": fit.params.tolist(), "errors": fit.bse.tolist(), "deviance": float(fit.deviance), "pearson": float(fit.pearson_chi2), "dispersion15": profile(1.5)[1], "logLik15": -profile(1.5)[0],
                "power": float(best.x), "logLik": -float(best.fun), "dispersion": float(profile(best.x)[1])},
    "density": [{"y": a, "mean": m, "phi": p, "power": q, "log": exact(a, m, p, q)} for a, m, p, q in cases],
    "series": {"y": ys.tolist(), "x": v.tolist(), "coefficients": b.tolist(), "cosines": B, "cosineErrors": np.sqrt(np.diag(cosine)).tolist(), "reach": S, "bartlettErrors": np.sqrt(np.diag(bartlett)).tolist()},
    "fixedB": [{"b": s, "quantiles": fixed_b_quantiles(s)} for s in (0.1, 0.3, 0.6, 1.0)],
    "tool": f"statsmodels {statsmodels.__version__}, scipy {scipy.__version__}, numpy {np.__version__}, mpmath {mp.__version__}", "script": "make-families.py", "made": date.today().isoformat(),
}
Path(__file__).with_name("families-python.json").write_text(json.dumps(result, indent=1) + "\n")
