#!/usr/bin/env python3
"""Reference values of special functions and distributions, computed to 40 digits with mpmath and rounded to double.
scipy is only a starting point for root finding. Usage: python3 make.py (writes distributions.json beside itself)."""
import datetime, json, os
from fractions import Fraction
import mpmath, scipy
from mpmath import mp, mpf
from scipy import stats

mp.dps = 40
cases = []


def add(function, args, value, tolerance=1e-12):
    value = float(value)
    if value != 0 and abs(value) < 1e-305:
        return
    cases.append({"function": function, "args": [float(a) for a in args], "value": value, "tolerance": tolerance})


def tolerance_of(value):
    return 1e-10 if 0 < value < mpf(10) ** -100 else 1e-12


# special functions
for x in [1e-300, 1e-5, 0.1, 0.5, 0.9999, 1.0001, 1.3, 1.9999, 2.0001, 2.5, 3.7, 9.9, 10.1, 50.5, 1e3, 1e8, 1e15]:
    add("Gamma.Log", [x], mp.loggamma(mpf(x)))
for a, b in [(0.1, 0.2), (1, 5), (0.5, 1e6), (3, 1e10), (50, 60), (1e5, 2e5), (1e-8, 3), (12, 0.3)]:
    add("Beta.Log", [a, b], mp.log(mp.beta(mpf(a), mpf(b))))
for x in [-3, -0.7, -1e-9, 1e-20, 0.1, 0.59, 0.61, 1, 2.5, 5]:
    add("Erf.Of", [x], mp.erf(mpf(x)))
for x in [-3, -0.5, 0, 0.3, 0.59, 0.61, 1, 2, 5, 10, 20, 26]:
    add("Erf.Complement", [x], mp.erfc(mpf(x)))
for x in [-2, 0.1, 0.7, 3, 30, 1000, 1e9]:
    with mp.workdps(60):
        add("Erf.ScaledComplement", [x], mp.exp(mpf(x) ** 2) * mp.erfc(mpf(x)) if x < 1e4 else 1 / (mpf(x) * mp.sqrt(mp.pi)))


# normal
def nsf(z):
    return mp.erfc(mpf(z) / mp.sqrt(2)) / 2


for z in [-37, -8, -1, -0.1, 0, 1e-10, 0.3, 0.79, 0.81, 1, 1.96, 5, 10, 20, 37]:
    add("Normal.Sf", [z], nsf(z), tolerance_of(nsf(z)))
for z in [-5, -1.5, 0.5, 3, 40, 1000, 1e6]:
    add("Normal.LogSf", [z], mp.log(nsf(z)) if z < 1e5 else -mpf(z) ** 2 / 2 - mp.log(mpf(z)) - mp.log(2 * mp.pi) / 2 + mp.log(1 - mpf(z) ** -2))
for p in [1e-300, 1e-200, 1e-50, 1e-10, 1e-3, 0.025, 0.2499, 0.2501, 0.4, 0.5 + 1e-10, 0.6, 0.7501, 0.975, 0.999999]:
    start = stats.norm.isf(p)
    add("Normal.UpperQuantile", [p], mp.findroot(lambda z: mp.log(nsf(z)) - mp.log(mpf(p)), mpf(float(start))))


# t, F, beta through the incomplete beta function
def ibeta(a, b, x):
    return mp.betainc(mpf(a), mpf(b), 0, x, regularized=True)


def tsf(t, df):
    t, df = mpf(t), mpf(df)
    return ibeta(df / 2, mpf(1) / 2, df / (df + t * t)) / 2


for df in [0.5, 1, 2.5, 3, 10, 57.3, 400]:
    for t in [1e-8, 0.01, 0.7, 1.5, 2.6, 5, 12, 40, 1e5]:
        add("StudentT.Sf", [t, df], tsf(t, df), tolerance_of(tsf(t, df)))
add("StudentT.LogSf", [1e4, 300], mp.log(tsf(1e4, 300)))
for df in [1e4, 1e6]:
    for t in [0.5, 2, 6, 20]:
        with mp.workdps(60):
            value = tsf(t, df)
        add("StudentT.Sf", [t, df], value, tolerance_of(value))
for df in [0.7, 1, 3, 30, 250]:
    for p in [1e-12, 1e-4, 0.025, 0.2, 0.26, 0.4, 0.499999]:
        start = float(stats.t.isf(p, df))
        root = mp.findroot(lambda u: mp.log(tsf(mp.exp(u), df)) - mp.log(mpf(p)), mp.log(mpf(start)))
        add("StudentT.UpperQuantile", [p, df], mp.exp(root))

for a, b in [(0.5, 0.5), (1, 3), (2.5, 0.1), (30, 40), (300, 5), (0.01, 20)]:
    for x in [1e-30, 1e-5, 0.1, 0.4, 0.5, 0.9, 0.999]:
        low = ibeta(a, b, mpf(x))
        with mp.workdps(80):
            up = ibeta(b, a, 1 - mpf(x))
        add("BetaDistribution.Cdf", [x, a, b], low, tolerance_of(low))
        add("BetaDistribution.Sf", [x, a, b], up, tolerance_of(up))
for a, b, p in [(0.5, 0.5, 0.3), (3, 1000.5, 0.025), (3, 1000.5, 1e-9), (12, 2, 0.9), (500, 700, 0.5), (0.2, 3, 0.01)]:
    start = float(stats.beta.ppf(p, a, b))
    add("BetaDistribution.Quantile", [p, a, b], 1 / (1 + mp.exp(-mp.findroot(
        lambda w: mp.log(ibeta(a, b, 1 / (1 + mp.exp(-w)))) - mp.log(mpf(p)), mp.log(mpf(start) / (1 - mpf(start)))))))
for d1, d2 in [(1, 1), (2, 10), (5, 300), (120, 4), (3.5, 7.2)]:
    for f in [1e-6, 0.3, 1, 2.5, 30, 1e4]:
        with mp.workdps(60):
            value = ibeta(mpf(d2) / 2, mpf(d1) / 2, mpf(d2) / (mpf(d2) + mpf(d1) * mpf(f)))
        add("FisherF.Sf", [f, d1, d2], value, tolerance_of(value))
for d1, d2, p in [(1, 5, 0.05), (4, 60, 0.01), (30, 30, 0.5), (2, 1e4, 1e-8)]:
    start = float(stats.f.isf(p, d1, d2))
    root = mp.findroot(lambda u: mp.log(ibeta(mpf(d2) / 2, mpf(d1) / 2, mpf(d2) / (mpf(d2) + mpf(d1) * mp.exp(u)))) - mp.log(mpf(p)), mp.log(mpf(start)))
    add("FisherF.UpperQuantile", [p, d1, d2], mp.exp(root))


# gamma family
def chi(x, df, upper):
    with mp.workdps(80):
        a = mpf(df) / 2
        return mp.gammainc(a, mpf(x) / 2, mp.inf, regularized=True) if upper else mp.gammainc(a, 0, mpf(x) / 2, regularized=True)


for df in [0.02, 0.5, 1, 1.9, 3, 10, 99, 1000]:
    for x in sorted({1e-10, 0.3, 1.5, 1.9, 0.3 * df, 0.9 * df, df, 1.2 * df, 3 * df + 5, 500, 1400}):
        up, low = chi(x, df, True), chi(x, df, False)
        add("ChiSquared.Sf", [x, df], up, tolerance_of(up))
        add("ChiSquared.Cdf", [x, df], low, tolerance_of(low))
add("ChiSquared.LogSf", [5000, 3], mp.log(chi(5000, 3, True)))
for df in [0.1, 1, 4, 37, 800]:
    for p in [1e-200, 1e-10, 0.01, 0.3, 0.7, 0.99]:
        start = float(stats.chi2.isf(p, df))
        if start < 1e-280:
            continue
        root = mp.findroot(lambda u: mp.log(chi(mp.exp(u), df, True)) - mp.log(mpf(p)), mp.log(mpf(start)))
        add("ChiSquared.UpperQuantile", [p, df], mp.exp(root))
for k, mean in [(0, 0.1), (3, 5.5), (50, 10), (5, 100), (120, 100.25), (1000, 1100)]:
    mean = mpf(mean)
    with mp.workdps(60):
        low = mp.gammainc(k + 1, mean, mp.inf, regularized=True)
        up = mp.gammainc(k + 1, 0, mean, regularized=True)
    add("Poisson.Cdf", [k, mean], low, tolerance_of(low))
    add("Poisson.Sf", [k, mean], up, tolerance_of(up))
    add("Poisson.Pmf", [k, mean], mp.exp(k * mp.log(mean) - mean - mp.loggamma(k + 1)))


# discrete, exact in rationals
def binomial(n, p):
    p = Fraction(p)
    term, terms = (1 - p) ** n, []
    for k in range(n + 1):
        terms.append(term)
        term = term * (n - k) / (k + 1) * p / (1 - p)
    return terms


for n, p, ks in [(10, 0.2, [0, 3, 9]), (200, 0.015625, [0, 3, 40]), (200, 0.75, [100, 150, 190]), (64, 0.5, [32, 60])]:
    terms = binomial(n, p)
    for k in ks:
        as_mp = lambda q: mpf(q.numerator) / mpf(q.denominator)
        add("Binomial.Pmf", [k, n, p], as_mp(terms[k]))
        add("Binomial.Cdf", [k, n, p], as_mp(sum(terms[: k + 1])))
        add("Binomial.Sf", [k, n, p], as_mp(sum(terms[k + 1:])))
for n, p, k in [(1000000, 0.3, 310000), (1000000, 0.3, 281000), (100000000, 1e-4, 10500), (5000000, 0.5, 2545000)]:
    q = mpf(p)
    with mp.workdps(50):
        first = k + 1 if k > n * p else k
        log = mp.loggamma(n + 1) - mp.loggamma(first + 1) - mp.loggamma(n - first + 1) + first * mp.log(q) + (n - first) * mp.log(1 - q)
        total, term, j = mpf(0), mpf(1), first
        while term > mpf(10) ** -35:
            total += term
            if k > n * p:
                term *= mpf(n - j) / (j + 1) * q / (1 - q)
                j += 1
            else:
                term *= mpf(j) / (n - j + 1) * (1 - q) / q
                j -= 1
        value = mp.exp(log) * total
    add("Binomial.Sf" if k > n * p else "Binomial.Cdf", [k, n, p], value, 1e-10)


def hyper(population, successes, draws):
    from math import comb
    low, high = max(0, draws - population + successes), min(successes, draws)
    return low, [Fraction(comb(successes, k) * comb(population - successes, draws - k), comb(population, draws)) for k in range(low, high + 1)]


for population, successes, draws, ks in [(50, 20, 10, [0, 3, 8]), (2000, 40, 1000, [5, 20, 39]), (30, 25, 20, [15, 16, 19]), (5000, 1200, 700, [90, 168, 300])]:
    low, terms = hyper(population, successes, draws)
    for k in ks:
        as_mp = lambda q: mpf(q.numerator) / mpf(q.denominator)
        add("Hypergeometric.Pmf", [k, population, successes, draws], as_mp(terms[k - low]))
        add("Hypergeometric.Cdf", [k, population, successes, draws], as_mp(sum(terms[: k - low + 1])), tolerance_of(as_mp(sum(terms[: k - low + 1]))))
        add("Hypergeometric.Sf", [k, population, successes, draws], as_mp(sum(terms[k - low + 1:], Fraction(0))))


# noncentral
def nct_sf(t, df, nc):
    df, t, nc = mpf(df), mpf(t), mpf(nc)
    c = mp.log(2) + df / 2 * mp.log(df / 2) - mp.loggamma(df / 2)
    f = lambda s: mp.exp(c + (df - 1) * mp.log(s) - df * s * s / 2) * mp.erfc((t * s - nc) / mp.sqrt(2)) / 2
    width = 1 / mp.sqrt(2 * df)
    grid = sorted({mpf(0)} | {max(mpf(0), 1 + k * width) for k in range(-30, 31, 2)} | {mpf(k) / 20 for k in range(0, 40)})
    return mp.quad(f, grid + [grid[-1] + 3])


mp.dps = 25
for t, df, nc in [(2, 10, 1.5), (2.1, 18, 3), (-1, 4, 2), (0, 7, 1), (12, 5, 1), (1.97, 200, 0.3), (30, 40, 25), (5, 3, -4), (2, 1.5, 0)]:
    add("NoncentralT.Sf", [t, df, nc], nct_sf(t, df, nc), 1e-11)
    add("NoncentralT.Cdf", [t, df, nc], nct_sf(-t, df, -nc), 1e-11)
mp.dps = 40


def ncx2(x, df, nc, upper):
    total, j, weight = mpf(0), 0, mp.exp(-mpf(nc) / 2)
    while True:
        term = weight * chi(x, df + 2 * j, upper)
        total += term
        if j > nc / 2 and term < total * mpf(10) ** -25:
            return total
        j += 1
        weight *= mpf(nc) / 2 / j


for x, df, nc in [(5, 3, 4), (0.2, 1, 10), (80, 2, 20), (300, 5, 12), (30, 1.5, 0.01)]:
    for upper in (True, False):
        value = ncx2(x, df, nc, upper)
        add("NoncentralChiSquared.Sf" if upper else "NoncentralChiSquared.Cdf", [x, df, nc], value)

out = {"tool": f"mpmath {mpmath.__version__} (starts from scipy {scipy.__version__})", "date": datetime.date.today().isoformat(),
       "tolerance": "relative; 1e-12, 1e-10 below 1e-100 where the exponential of a large number loses digits, 1e-11 for quadrature", "cases": cases}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "distributions.json"), "w") as f:
    json.dump(out, f, indent=0)
    f.write("\n")
print(len(cases))
