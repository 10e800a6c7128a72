"""Reference values for Gnomon.Methods.Planning. Run: python3 make.py (scipy, numpy)."""
import datetime, json, math, pathlib
import numpy as np, scipy, scipy.stats as st, scipy.integrate as si, scipy.optimize as so

here = pathlib.Path(__file__).parent

# Hazard ratios: Schoenfeld's formula written out.
def events(hr, power, ratio, alpha):
    z = st.norm.isf(alpha / 2) + st.norm.ppf(power)
    return z * z / (ratio / (1 + ratio) ** 2 * math.log(hr) ** 2)
hazard = [dict(hazardRatio=h, power=p, ratio=r, alpha=a, events=events(h, p, r, a)) for h, p, r, a in
          [(0.75, 0.8, 1, 0.05), (0.5, 0.9, 1, 0.05), (1.3, 0.8, 2, 0.01), (0.95, 0.85, 0.5, 0.1)]]

# Group-sequential plans: boundaries and crossing probabilities by numerical integration on a fine grid (trapezoid over the density of the score), independent of
# the product's quadrature. Lan and DeMets' O'Brien-Fleming spending, alpha / 2 on each side.
def spend(t, alpha): return 4 * st.norm.sf(st.norm.isf(alpha / 4) / math.sqrt(t))
def crossing(times, bounds, drift, points=4001):
    """Chance of |z| >= bound by each look, for scores with mean drift * t and variance t."""
    total, out, dens, grid = 0.0, [], None, None
    for k, (t, c) in enumerate(zip(times, bounds)):
        edge = c * math.sqrt(t)
        if k == 0:
            inside = lambda s: st.norm.pdf(s, drift * t, math.sqrt(t))
            up, down = st.norm.sf(edge, drift * t, math.sqrt(t)), st.norm.cdf(-edge, drift * t, math.sqrt(t))
        else:
            dt = t - times[k - 1]; w = np.full(points, grid[1] - grid[0]); w[0] = w[-1] = w[0] / 2
            up = float((w * dens * st.norm.sf(edge - grid, drift * dt, math.sqrt(dt))).sum())
            down = float((w * dens * st.norm.cdf(-edge - grid, drift * dt, math.sqrt(dt))).sum())
            old, oldgrid, weight = dens, grid, w
            inside = lambda s: np.array([(weight * old * st.norm.pdf(x - oldgrid, drift * dt, math.sqrt(dt))).sum() for x in np.atleast_1d(s)])
        total += up + down; out.append(total)
        limit = min(edge, abs(drift) * t + 9 * math.sqrt(t))
        new = np.linspace(-limit, limit, points); dens = inside(new); grid = new
    return out
def plan(times, alpha, power):
    bounds, spent = [], 0.0
    for k, t in enumerate(times):
        target = spend(t, alpha)
        bounds.append(so.brentq(lambda c: crossing(times[:k + 1], bounds + [c], 0.0)[-1] - target, 1.5, 12, xtol=1e-9))
    once = st.norm.isf(alpha / 2) + st.norm.ppf(power)
    drift = so.brentq(lambda d: crossing(times, bounds, d)[-1] - power, 0.5 * once, once + 2, xtol=1e-9)
    return dict(times=times, alpha=alpha, power=power, bounds=bounds, drift=drift, inflation=(drift / once) ** 2, stopped=crossing(times, bounds, drift))
sequential = [plan(t, a, p) for t, a, p in [([0.5, 1.0], 0.05, 0.8), ([1 / 3, 2 / 3, 1.0], 0.05, 0.9), ([0.25, 0.5, 0.75, 1.0], 0.01, 0.8)]]

# Exact power of the pooled z test: the whole table of outcomes.
def exact(n1, n2, p1, p2, alpha):
    x, y = np.arange(n1 + 1)[:, None], np.arange(n2 + 1)[None, :]
    pool = (x + y) / (n1 + n2); var = pool * (1 - pool) * (1 / n1 + 1 / n2); d = x / n1 - y / n2
    reject = (var > 0) & (d * d >= st.norm.isf(alpha / 2) ** 2 * var)
    return float((np.outer(st.binom.pmf(np.arange(n1 + 1), n1, p1), st.binom.pmf(np.arange(n2 + 1), n2, p2)) * reject).sum())
proportions = [dict(first=a, second=b, firstRate=p, secondRate=q, alpha=s, power=exact(a, b, p, q, s)) for a, b, p, q, s in
               [(20, 20, 0.0, 0.15, 0.05), (20, 30, 0.2, 0.6, 0.05), (100, 100, 0.1, 0.1, 0.05), (700, 650, 0.02, 0.05, 0.01), (1, 1, 0.5, 0.5, 0.05)]]

# Assurance: power integrated over the prior.
def assured(m, s, alpha, sides):
    c = st.norm.isf(alpha / sides)
    return si.quad(lambda x: st.norm.pdf(x, m, s) * st.norm.cdf(x - c), m - 12 * s, m + 12 * s, epsabs=1e-13)[0]
assurance = [dict(mean=m, deviation=s, alpha=a, sides=k, value=assured(m, s, a, k)) for m, s, a, k in [(2.8, 1.0, 0.05, 2), (0.0, 2.0, 0.05, 1), (3.5, 0.2, 0.01, 2)]]

body = dict(hazard=hazard, sequential=sequential, proportions=proportions, assurance=assurance,
            tool=f"scipy {scipy.__version__}, numpy {np.__version__}", made=datetime.date.today().isoformat(), script="make.py")
(here / "planning.json").write_text(json.dumps(body, indent=1) + "\n")
