#!/usr/bin/env python3
"""Reference values of distributions behind group comparison. Noncentral F, studentized range and Dunnett's maximum by quadrature with mpmath
(28 digits of working precision); rank statistics by enumeration in exact fractions. Usage: python3 make_compare.py (writes compare.json beside itself)."""
import datetime, json, os
from fractions import Fraction
import mpmath
from mpmath import mp, mpf

mp.dps = 40
cases = []


def add(function, args, value, tolerance):
    cases.append({"function": function, "args": [float(a) for a in args], "value": float(value), "tolerance": tolerance})


def ncf(f, d1, d2, nc, upper):
    x = mpf(d1) * f / (mpf(d1) * f + d2)
    total, j, weight = mpf(0), 0, mp.exp(-mpf(nc) / 2)
    while True:
        a, b = mpf(d1) / 2 + j, mpf(d2) / 2
        with mp.workdps(80):
            inner = mp.betainc(b, a, 0, 1 - x, regularized=True) if upper else mp.betainc(a, b, 0, x, regularized=True)
        term = weight * inner
        total += term
        if j > nc and term < total * mpf(10) ** -25:
            return total
        j += 1
        weight *= mpf(nc) / 2 / j


for f, d1, d2, nc in [(2.5, 3, 20, 4), (0.05, 1, 10, 9), (40, 2, 30, 20), (3.1, 5, 300, 12), (1.2, 4.5, 7.5, 0.01), (500, 3, 60, 8), (1.5, 200, 40, 90)]:
    for upper in (True, False):
        add("NoncentralF.Sf" if upper else "NoncentralF.Cdf", [f, d1, d2, nc], ncf(mpf(f), d1, d2, nc, upper), 1e-12)

mp.dps = 28


def phi(z):
    return mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi)


def cdf(z):
    return mp.erfc(-z / mp.sqrt(2)) / 2


def trapezoid(f, low, high, h):
    """Sum of an analytic function that vanishes at both ends; halved until 14 digits agree."""
    n = int(mp.ceil((high - low) / h))
    h = (high - low) / n
    total = mp.fsum(f(low + i * h) for i in range(n + 1))
    for _ in range(8):
        middle = mp.fsum(f(low + (i + mpf(1) / 2) * h) for i in range(n))
        done = abs(middle - total) <= mpf(10) ** -13 * abs(total)
        total, h, n = total + middle, h / 2, 2 * n
        if done:
            return total * h
    raise ArithmeticError("no convergence")


def range_sf(w, k):
    m = k - 1
    def f(z):
        inside, below = cdf(z), cdf(z - w)
        r = below / inside
        gap = 1 - (1 - r) ** m if r > mpf(10) ** -8 else m * r * (1 - (m - 1) * r / 2 + (m - 1) * (m - 2) * r * r / 6)
        return k * phi(z) * inside ** m * gap
    return trapezoid(f, w / 2 - 10, w / 2 + 12, mpf("0.5"))


def any_sf(t, loadings):
    def f(z):
        outs = []
        for l in loadings:
            l = mpf(l)
            sd = mp.sqrt(1 - l * l)
            outs.append(cdf((-t + l * z) / sd) + cdf((-t - l * z) / sd))
        total = sum(outs)
        if max(outs) < mpf(10) ** -8:
            return phi(z) * (total - (total * total - sum(o * o for o in outs)) / 2)
        return phi(z) * (1 - mp.fprod(1 - o for o in outs))
    reach = 10 + t * mpf(max(loadings))
    return trapezoid(f, -reach, reach, mpf("0.4"))


def mixture(q, df, inner):
    if df == mp.inf:
        return inner(mpf(q))
    df = mpf(df)
    c = mp.log(2) + df / 2 * mp.log(df / 2) - mp.loggamma(df / 2)
    def f(u):
        weight = mp.exp(c + df * u - df * mp.exp(2 * u) / 2)
        return weight * inner(q * mp.exp(u)) if weight > mpf(10) ** -90 else mpf(0)
    # Where the integrand matters: scanned on a coarse grid.
    grid = [mpf(i) / 40 * (12 / mp.sqrt(df) + 1) for i in range(-240, 61)]
    values = [(u, f(u)) for u in grid[::6]]
    top = max(v for _, v in values)
    keep = [u for u, v in values if v > top * mpf(10) ** -22]
    gap = values[1][0] - values[0][0]
    return trapezoid(f, min(keep) - 2 * gap, max(keep) + 2 * gap, gap / 2)


def srange(q, k, df):
    return mixture(mpf(q), df, lambda w: range_sf(w, k))


print("studentized range")
for q, k, df in [(3.5, 3, 12), (0.8, 4, 7.3), (6, 2, 3), (4.2, 10, 57.5), (9, 5, 25), (30, 4, 60), (2.5, 3, 2)]:
    value = srange(q, k, df)
    print(q, k, df, mp.nstr(value, 15))
    add("StudentizedRange.Sf", [q, k, df], value, 1e-11)
    if value < 0.999:
        add("StudentizedRange.Cdf", [q, k, df], 1 - value, 1e-11)
for w, k in [(0.5, 3), (3.3, 3), (5, 20), (12, 4), (40, 3), (6, 300)]:
    value = range_sf(mpf(w), k)
    add("StudentizedRange.KnownSpread", [w, k], value, 1e-11)

print("dunnett")
for t, loadings, df in [(2.5, [0.5 ** 0.5] * 3, 20), (2.2, [0.6, 0.8, 0.3], 8.5), (6, [0.5, 0.7], 40), (15, [0.6, 0.5], 100), (1.0, [0.9, 0.2, 0.5, 0.7], mp.inf), (2.4, [0.99, 0.95], mp.inf)]:
    value = mixture(mpf(t), df, lambda w: any_sf(w, loadings))
    print(t, loadings, df, mp.nstr(value, 15))
    add("DunnettDistribution.Sf", [t, -1 if df == mp.inf else df] + loadings, value, 1e-11)


# rank statistics, exact
def as_mp(q):
    return mpf(q.numerator) / mpf(q.denominator)


def u_counts(m, n):
    poly = [1]
    for i in range(1, m + 1):                      # Gaussian binomial: product of (1 - x^(n + i)) / (1 - x^i)
        long = [0] * (len(poly) + n + i)
        for j, c in enumerate(poly):
            long[j] += c
            long[j + n + i] -= c
        for j in range(i, len(long)):
            long[j] += long[j - i]
        poly = long[: len(long) - i]
    return poly[: m * n + 1]


for m, n, us in [(3, 4, [0, 5, 11]), (8, 8, [10, 32, 60]), (50, 50, [700, 1000, 1400, 2400]), (7, 120, [40, 400, 800]), (1, 9, [0, 8])]:
    counts = u_counts(m, n)
    total = sum(counts)
    for u in us:
        add("MannWhitneyU.Cdf", [m, n, u], as_mp(Fraction(sum(counts[: u + 1]), total)), 1e-12)
        add("MannWhitneyU.Sf", [m, n, u], as_mp(Fraction(sum(counts[u + 1:]), total)), 1e-12)
for n, ws in [(1, [0]), (9, [3, 20, 44]), (60, [400, 915, 1500]), (200, [7000, 10050, 15000])]:
    counts = [1]
    for r in range(1, n + 1):
        longer = counts + [0] * r
        for j, c in enumerate(counts):
            longer[j + r] += c
        counts = longer
    for w in ws:
        add("SignedRank.Cdf", [n, w], as_mp(Fraction(sum(counts[: w + 1]), 2 ** n)), 1e-12)
        add("SignedRank.Sf", [n, w], as_mp(Fraction(sum(counts[w + 1:]), 2 ** n)), 1e-12)
for n, ds in [(2, [0]), (7, [4, 15]), (40, [200, 390, 600]), (120, [2500, 5000])]:
    counts = [1]
    for k in range(2, n + 1):
        longer = [0] * (len(counts) + k - 1)
        running = 0
        for d in range(len(longer)):
            running += counts[d] if d < len(counts) else 0
            running -= counts[d - k] if 0 <= d - k < len(counts) else 0
            longer[d] = running
        counts = longer
    total = sum(counts)
    for d in ds:
        add("KendallInversions.Cdf", [n, d], as_mp(Fraction(sum(counts[: d + 1]), total)), 1e-12)
        add("KendallInversions.Sf", [n, d], as_mp(Fraction(sum(counts[d + 1:]), total)), 1e-12)

# log-space tails of the four families every test ends in, down to 1e-300
mp.dps = 60
for z in (8, 20, 37):
    add("Normal.Sf", [z], mp.erfc(mpf(z) / mp.sqrt(2)) / 2, 1e-12)
for t, df in [(40, 30), (3000, 80), (300, 200), (36.5, 1e7)]:
    add("StudentT.Sf", [t, df], mp.betainc(mpf(df) / 2, mpf(1) / 2, 0, mpf(df) / (mpf(df) + mpf(t) ** 2), regularized=True) / 2, 1e-10)
for x, df in [(300, 2), (1400, 5), (1360, 0.7), (2000, 300)]:
    add("ChiSquared.Sf", [x, df], mp.gammainc(mpf(df) / 2, mpf(x) / 2, mp.inf, regularized=True), 1e-10)
for f, d1, d2 in [(200, 3, 100), (1000, 2, 250), (60, 12, 400)]:
    add("FisherF.Sf", [f, d1, d2], mp.betainc(mpf(d2) / 2, mpf(d1) / 2, 0, mpf(d2) / (mpf(d2) + mpf(d1) * mpf(f)), regularized=True), 1e-10)

out = {"tool": f"mpmath {mpmath.__version__}; rank statistics in exact fractions", "date": datetime.date.today().isoformat(),
       "tolerance": "relative: 1e-12 for sums of exact terms, 1e-11 for quadrature, 1e-10 below 1e-100 where the exponential of a large number loses digits",
       "cases": cases}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "compare.json"), "w") as f:
    json.dump(out, f, indent=0)
    f.write("\n")
print(len(cases))
