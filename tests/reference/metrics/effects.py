#!/usr/bin/env python3
"""Correlation of true effects over past experiments, composite weights and left-out surrogate predictions by scipy, numpy and statsmodels. Usage: /usr/bin/python3 effects.py (writes effects.json beside itself)."""
import datetime, json, pathlib
import numpy as np, scipy, statsmodels, statsmodels.api as sm
from scipy import optimize, stats

EDGE = 0.9999999


def deviance(d, s, rho, log):
    """Twice the negative log of the restricted likelihood, constants left out."""
    t1, t2 = np.exp(np.maximum(log, -30))
    v = s + np.array([[t1 * t1, rho * t1 * t2], [rho * t1 * t2, t2 * t2]])
    w = np.linalg.inv(v)
    info = w.sum(0)
    mu = np.linalg.solve(info, np.einsum("nij,nj->i", w, d))
    r = d - mu
    return np.linalg.slogdet(v)[1].sum() + np.linalg.slogdet(info)[1] + np.einsum("ni,nij,nj->", r, w, r), mu


def correlation(d, s, level):
    unit = np.sqrt(d.var(0, ddof=1) + s.mean(0).diagonal())
    d, s = d / unit, s / np.outer(unit, unit)

    def profile(rho, full=False):
        best = None
        for start in [(-0.5, -0.5), (-2.5, -0.5), (-0.5, -2.5), (-3.0, -3.0), (0.3, 0.3)]:
            x = np.array(start)
            for _ in range(3):
                r = optimize.minimize(lambda q: deviance(d, s, rho, q)[0], x, method="Nelder-Mead", options=dict(xatol=1e-9, fatol=1e-12, maxfev=4000))
                x = r.x
            if best is None or r.fun < best.fun - 1e-13:
                best = r
        return best if full else best.fun

    grid = np.tanh(np.linspace(-4, 4, 61))
    grid[0], grid[-1] = -EDGE, EDGE
    values = np.array([profile(r) for r in grid])
    i = values.argmin()
    fit = optimize.minimize_scalar(profile, bounds=(grid[max(0, i - 1)], grid[min(60, i + 1)]), method="bounded", options=dict(xatol=1e-10))
    rho, least = (fit.x, fit.fun) if fit.fun < values[i] else (grid[i], values[i])
    n = len(d)
    q = stats.t.ppf(level, n - 2)
    line = least + (n - 1) * np.log(1 + q * q / (n - 2))
    low = -1.0 if values[0] <= line else optimize.brentq(lambda r: profile(r) - line, grid[np.argmax(values <= line) - 1], rho, xtol=1e-11)
    high = 1.0 if values[-1] <= line else optimize.brentq(lambda r: profile(r) - line, rho, grid[len(grid) - np.argmax(values[::-1] <= line)], xtol=1e-11)
    low, high = (v if abs(v) == 1 else np.tanh(np.arctanh(v) - rho / (2 * (n - 1))) for v in (low, high))
    best = profile(rho, True)
    t, mu = np.exp(best.x), deviance(d, s, rho, best.x)[1]
    h = mu / t
    both = stats.multivariate_normal([0, 0], [[1, rho], [rho, 1]], allow_singular=True)
    same = both.cdf(h) + both.cdf(-h)
    return rho, low, high, t * unit, float(same)


def moments(d, s):
    c = np.cov(d.T) - s.mean(0)
    return float(np.clip(c[0, 1] / np.sqrt(c[0, 0] * c[1, 1]), -1, 1)) if min(c[0, 0], c[1, 1]) > 0 else None


def main():
    rng = np.random.default_rng(20261124)
    correlations = []
    for n, rho, mean, spread, noise, shared in [(10, 0.8, (0.2, 0.1), (1, 3), 0.3, 0.4), (15, 0.2, (0, 0), (0.02, 0.01), 0.6, 0.2), (25, 0.6, (0.5, -0.2), (4, 1), 1.0, 0.5), (40, -0.5, (0, 0.3), (1, 1), 0.4, 0.0), (12, 0.9, (0, 0), (1, 1), 0.15, 0.3)]:
        spread = np.array(spread, float)
        truth = rng.multivariate_normal(np.array(mean) * spread, np.outer(spread, spread) * [[1, rho], [rho, 1]], n)
        size = noise * rng.uniform(0.6, 1.4, n)
        s = np.array([np.outer(spread, spread) * k * k * np.array([[1, shared], [shared, 1]]) for k in size])
        d = np.array([rng.multivariate_normal(t, v) for t, v in zip(truth, s)])
        d, s = np.round(d, 9), np.round(s, 12)
        best, low, high, t, same = correlation(d, s, 0.9)
        correlations.append(dict(proxy=d[:, 0].tolist(), goal=d[:, 1].tolist(), proxyVariance=s[:, 0, 0].tolist(), goalVariance=s[:, 1, 1].tolist(), covariance=s[:, 0, 1].tolist(), level=0.9,
                                 moments=moments(d, s), correlation=float(best), low=float(low), high=float(high), proxySpread=float(t[0]), goalSpread=float(t[1]), agreement=same))

    composites = []
    for n, m in [(10, 3), (25, 5)]:
        effects, goal, cov = np.round(rng.normal(0, 0.1, (n, m)), 6), np.round(rng.normal(0, 0.05, n), 6), np.round(rng.normal(0, 1e-4, (n, m)), 9)
        a = rng.normal(0, 1, (50, m))
        corr = np.round(np.corrcoef((a + a[:, :1]).T), 6)
        c = (effects * goal[:, None] - cov).mean(0)
        w = np.linalg.solve(corr, c)
        w /= np.abs(w).sum()
        composites.append(dict(m=m, effects=effects.ravel().tolist(), goal=goal.tolist(), covariances=cov.ravel().tolist(), correlations=corr.ravel().tolist(), weights=w.tolist(), signal=float(w @ c / np.sqrt(w @ corr @ w))))

    surrogates = []
    for tests, units, k in [(6, 60, 2), (10, 40, 3)]:
        s = np.round(rng.normal(0, 1, (tests * units, k)) @ rng.normal(0, 1, (k, k)), 6)
        y = np.round(s @ rng.normal(0, 1, k) + rng.normal(0, 1, tests * units), 6)
        test, arm = np.repeat(np.arange(tests), units), np.tile([0, 1], tests * units // 2)
        foretold, seen, own, goal, shared = [], [], [], [], []
        for i in range(tests):
            rest, here = test != i, test == i
            b = sm.OLS(y[rest], sm.add_constant(s[rest])).fit().params[1:]
            parts = [np.column_stack([y, s])[here & (arm == a)] for a in (0, 1)]
            effect = parts[1].mean(0) - parts[0].mean(0)
            cov = sum(np.cov(p.T) / len(p) for p in parts)
            foretold.append(b @ effect[1:]), seen.append(effect[0]), own.append(b @ cov[1:, 1:] @ b), goal.append(cov[0, 0]), shared.append(b @ cov[0, 1:])
        gap = np.array(foretold) - seen
        noise = (np.array(own) + goal - 2 * np.array(shared)).mean()
        surrogates.append(dict(tests=tests, k=k, s=s.ravel().tolist(), y=y.tolist(), foretold=np.array(foretold).tolist(), seen=np.array(seen).tolist(), own=np.array(own).tolist(), shared=np.array(shared).tolist(),
                               error=float(np.sqrt((gap ** 2).mean())), ownError=float(np.sqrt(max(0, (gap ** 2).mean() - noise))), bias=float(gap.mean())))

    out = dict(tool=f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, numpy {np.__version__}", made=datetime.date.today().isoformat(),
               tolerance="correlations and limits 1e-6 absolute (a search inside a root), spreads 1e-4 relative (flat near the best), agreement 1e-5; weights and predictions 1e-8 relative",
               correlations=correlations, composites=composites, surrogates=surrogates)
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, indent=1) + "\n")


if __name__ == "__main__":
    main()
