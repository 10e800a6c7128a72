"""Reference values for betting sequences and for trimming bounds with their interval, in numpy. Run: python3 make-bounded.py (writes betting.json and lee-interval.json).

Nothing here follows the product's code: capital is a sum of logarithms, ends are scipy's roots, trimmed moments are weighted sums, and the errors of the bounds are also drawn again (bootstrap).
"""
import datetime, json, math
import numpy as np, scipy
from scipy import optimize, stats

rng = np.random.default_rng(20261122)
SOURCE = dict(tool=f"scipy {scipy.__version__}, numpy {np.__version__}", made=datetime.date.today().isoformat(), script="make-bounded.py")


# Waudby-Smith and Ramdas 2024, equations (24) to (26), c = 3/4, theta = 1/2
def capital(x, m, alpha, sign, c=.75):
    n = x.size; t = np.arange(1, n + 1)
    mu = (.5 + np.cumsum(x)) / (t + 1)
    var = (.25 + np.cumsum((x - mu) ** 2)) / (t + 1)
    lam = np.sqrt(2 * math.log(2 / alpha) / (np.r_[.25, var[:-1]] * t * np.log1p(t)))
    edge = m if sign > 0 else 1 - m
    if edge > 0: lam = np.minimum(lam, c / edge)
    return np.log1p(sign * lam * (x - m)).sum()


def sequence(x, alpha):
    lim = math.log(2 / alpha)
    lo = 0.0 if capital(x, 0., alpha, 1) <= lim else optimize.brentq(lambda m: capital(x, m, alpha, 1) - lim, 0, 1, xtol=1e-14)
    hi = 1.0 if capital(x, 1., alpha, -1) <= lim else optimize.brentq(lambda m: capital(x, m, alpha, -1) - lim, 0, 1, xtol=1e-14)
    e = max(capital(x, .5, alpha, 1), capital(x, .5, alpha, -1)) - math.log(2)
    return lo, hi, e


means = []
for name, x, low, high, level in [
    ("uniform", rng.random(40), 0, 1, .95), ("one value", np.array([.3]), 0, 1, .95), ("rare", (rng.random(400) < .03) * rng.random(400), 0, 1, .95),
    ("ratings", rng.choice([1., 2, 3, 4, 5], 150, p=[.05, .05, .15, .35, .4]), 1, 5, .9), ("constant", np.full(60, 2.), -1, 4, .95)]:
    x = np.round(x, 4); lo, hi, e = sequence((x - low) / (high - low), 1 - level)
    means.append(dict(name=name, values=x.tolist(), low=low, high=high, level=level, mean=float(x.mean()), lower=low + (high - low) * lo, upper=low + (high - low) * hi, logE=e))

differences = []
for name, t, c, low, high, level, a, b in [
    ("even", rng.beta(2, 3, 90), rng.beta(2, 5, 84), 0, 1, .95, 1, 1), ("three to one", rng.choice([1., 2, 3, 4, 5], 400), rng.choice([1., 2, 3, 4, 5], 130, p=[.3, .2, .2, .2, .1]), 1, 5, .95, 3, 1),
    ("strong", rng.beta(8, 2, 300), rng.beta(2, 8, 300), 0, 1, .99, 1, 1), ("few", np.array([.2, .9]), np.array([.4, .5]), 0, 1, .95, 1, 1)]:
    t, c = np.round(t, 4), np.round(c, 4); k = min(t.size // a, c.size // b)
    d = t[:k * a].reshape(k, a).mean(1) - c[:k * b].reshape(k, b).mean(1)
    lo, hi, e = sequence((d / (high - low) + 1) / 2, 1 - level); w = high - low
    differences.append(dict(name=name, treatment=t.tolist(), control=c.tolist(), low=low, high=high, level=level, treatmentShare=a / (a + b), controlShare=b / (a + b),
                            difference=float(t.mean() - c.mean()), lower=-w + 2 * w * lo, upper=-w + 2 * w * hi, logE=e))
json.dump(dict(**SOURCE, means=means, differences=differences), open("betting.json", "w"))


# Lee 2009, equations and proposition 3; the share from the sizes
def trimmed(y, keep, bottom):
    y = np.sort(y) if bottom else -np.sort(-y)
    w = np.clip(keep * y.size - np.arange(y.size), 0, 1)
    mean = np.average(y, weights=w); cut = y[min(y.size - 1, int(keep * y.size))]
    return mean, np.average((y - mean) ** 2, weights=w), cut


def bounds(t, c, share, errors=True, level=.95):
    r = (t.size / share) / (c.size / (1 - share)); q = 1 - min(r, 1 / r)
    full, small = (t, c) if r >= 1 else (c, t)
    low, high = trimmed(full, 1 - q, True), trimmed(full, 1 - q, False)
    ends = sorted([(low[0] - small.mean(), 0), (high[0] - small.mean(), 1)]) if r >= 1 else sorted([(small.mean() - high[0], 1), (small.mean() - low[0], 0)])
    if not errors: return ends[0][0], ends[1][0]
    def se(which):
        mean, var, cut = (low, high)[which]
        v = var / (full.size * (1 - q)) + (cut - mean) ** 2 * q / (full.size * (1 - q)) + (cut - mean) ** 2 * (1 / t.size + 1 / c.size)
        return math.sqrt(v + small.var(ddof=1) / small.size)
    s = [se(w) for _, w in ends]; width = ends[1][0] - ends[0][0]
    c0 = optimize.brentq(lambda z: stats.norm.cdf(z + width / max(s)) - stats.norm.cdf(-z) - level, .1, 6, xtol=1e-14)
    return dict(missing=q, low=ends[0][0], high=ends[1][0], lowError=s[0], highError=s[1], intervalLow=ends[0][0] - c0 * s[0], intervalHigh=ends[1][0] + c0 * s[1])


def drawn(t, c, share, runs=4000):
    out = []
    for _ in range(runs):
        n = rng.binomial(t.size + c.size, t.size / (t.size + c.size))
        out.append(bounds(rng.choice(t, n), rng.choice(c, t.size + c.size - n), share, errors=False))
    return np.std(out, axis=0)


cases = []
for name, t, c, share, binary in [
    ("control lost", np.round(rng.normal(1, 2, 1100), 3), np.round(rng.normal(.8, 2, 900), 3), .5, False), ("treatment lost", np.round(rng.exponential(3, 700), 3), np.round(rng.exponential(3, 1000), 3), .5, False),
    ("three to one", np.round(rng.normal(0, 1, 1500), 3), np.round(rng.normal(0, 1, 620), 3), .75, False), ("yes or no", (rng.random(1200) < .3) * 1., (rng.random(1000) < .25) * 1., .5, True)]:
    case = bounds(t, c, share); spread = drawn(t, c, share)
    cases.append(dict(name=name, binary=binary, treatment=t.tolist(), control=c.tolist(), treatmentShare=share, lowDrawn=float(spread[0]), highDrawn=float(spread[1]), **case))
json.dump(dict(**SOURCE, cases=cases), open("lee-interval.json", "w"))
for k in cases: print(k["name"], {a: round(b, 4) for a, b in k.items() if isinstance(b, float)})
for k in means + differences: print(k["name"], {a: round(b, 4) for a, b in k.items() if isinstance(b, float)})
