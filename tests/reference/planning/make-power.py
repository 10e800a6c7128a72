"""Reference values for the power of many designs by enumeration and quadrature. Run: python3 make-power.py (scipy, numpy, mpmath; writes power-exact.json)."""
import datetime, json, math, pathlib
import mpmath as mp, numpy as np, scipy, scipy.stats as st, scipy.integrate as si, scipy.optimize as so

here = pathlib.Path(__file__).parent

# One proportion, exact: every count whose smaller tail under the tested value is at most alpha / 2.
def one_exact(n, p0, p1, alpha):
    x = np.arange(n + 1)
    reject = (st.binom.cdf(x, n, p0) <= alpha / 2) | (st.binom.sf(x - 1, n, p0) <= alpha / 2)
    return float(st.binom.pmf(x, n, p1)[reject].sum())
one = [dict(n=n, tested=a, rate=b, alpha=s, power=one_exact(n, a, b, s)) for n, a, b, s in
       [(20, 0.5, 0.8, 0.05), (50, 0.1, 0.1, 0.05), (200, 0.3, 0.22, 0.01), (7, 0.02, 0.5, 0.05), (1500, 0.05, 0.07, 0.05)]]
def one_size(p0, p1, alpha, power):
    n = 1; last = 0
    for n in range(1, 320):
        if one_exact(n, p0, p1, alpha) < power: last = n
    return last + 1
oneSize = [dict(tested=a, rate=b, alpha=s, power=p, n=one_size(a, b, s, p)) for a, b, s, p in [(0.5, 0.7, 0.05, 0.8), (0.1, 0.2, 0.05, 0.9), (0.3, 0.1, 0.01, 0.8)]]

# McNemar, mid-p: every number of discordant pairs and every split.
def mcnemar(n, diff, psi, alpha):
    share, total = (psi + diff) / (2 * psi), 0.0
    for m in range(1, n + 1):
        w = st.binom.pmf(m, n, psi)
        if w > 1e-16:
            b = np.arange(m + 1); k = np.minimum(b, m - b)
            p = np.minimum(1.0, 2 * st.binom.cdf(k, m, 0.5) - st.binom.pmf(k, m, 0.5))
            total += w * st.binom.pmf(b, m, share)[p <= alpha].sum()
    return float(total)
paired = [dict(pairs=n, difference=d, discordant=s, alpha=a, power=mcnemar(n, d, s, a)) for n, d, s, a in
          [(40, 0.2, 0.3, 0.05), (60, 0.0, 0.25, 0.05), (50, -0.1, 0.2, 0.1), (25, 0.4, 1.0, 0.05), (10, 0.1, 0.1, 0.05)]]

# Two Poisson rates: every total and every split that the conditional test rejects.
def poisson(m1, m2, r, alpha):
    s0, share, total = 1 / (1 + r), m1 / (m1 + m2), 0.0
    for t in range(1, int(m1 + m2 + 12 * math.sqrt(m1 + m2) + 40)):
        x = np.arange(t + 1)
        reject = (st.binom.cdf(x, t, s0) <= alpha / 2) | (st.binom.sf(x - 1, t, s0) <= alpha / 2)
        total += st.poisson.pmf(t, m1 + m2) * st.binom.pmf(x, t, share)[reject].sum()
    return float(total)
counts = [dict(first=a, second=b, ratio=r, alpha=s, power=poisson(a, b, r, s)) for a, b, r, s in [(30, 50, 1, 0.05), (8, 8, 1, 0.05), (100, 260, 2, 0.01), (0.5, 4, 1, 0.05)]]

# Correlation: Hotelling's density of r, integrated beyond the critical value.
def density(r, rho, n):
    return ((n - 2) * mp.gamma(n - 1) * (1 - rho ** 2) ** (mp.mpf(n - 1) / 2) * (1 - r ** 2) ** (mp.mpf(n - 4) / 2)
            / (mp.sqrt(2 * mp.pi) * mp.gamma(n - mp.mpf(1) / 2) * (1 - rho * r) ** (n - mp.mpf(3) / 2)) * mp.hyp2f1(0.5, 0.5, mp.mpf(2 * n - 1) / 2, (rho * r + 1) / 2))
def correlation(n, rho, alpha):
    mp.mp.dps = 25
    t = st.t.isf(alpha / 2, n - 2); c = t / math.sqrt(n - 2 + t * t)
    f = lambda r: density(r, mp.mpf(rho), n)
    cuts = [c + (1 - c) * k / mp.mpf(16) for k in range(17)]
    return float(mp.quad(f, cuts) + mp.quad(f, [-x for x in reversed(cuts)]))
corr = [dict(n=n, correlation=r, alpha=a, power=correlation(n, r, a)) for n, r, a in [(12, 0.6, 0.05), (30, 0.0, 0.05), (85, 0.3, 0.05), (20, -0.5, 0.01), (150, 0.22, 0.05), (6, 0.9, 0.05)]]

# Equivalence of means: over the joint density of the mean difference and the pooled variance, both on grids of their own.
def tost(n, ratio, diff, low, high, sd, alpha):
    df = n * (1 + ratio) - 2; se = sd * math.sqrt((1 + 1 / ratio) / n); t = st.t.isf(alpha, df)
    def inner(v):
        s = math.sqrt(v / df); a, b = low + t * se * s, high - t * se * s
        return (st.norm.cdf((b - diff) / se) - st.norm.cdf((a - diff) / se)) * st.chi2.pdf(v, df) if b > a else 0.0
    top = min(df * ((high - low) / (2 * t * se)) ** 2, st.chi2.isf(1e-18, df))
    marks = [m for m in st.chi2.ppf([1e-12, 1e-6, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1 - 1e-6], df) if 0 < m < top]
    ends = [0.0] + marks + [top]
    return float(sum(si.quad(inner, a, b, epsabs=1e-15, epsrel=1e-12, limit=400)[0] for a, b in zip(ends, ends[1:])))
equal = [dict(n=n, ratio=r, difference=d, low=l, high=h, sd=s, alpha=a, power=tost(n, r, d, l, h, s, a)) for n, r, d, l, h, s, a in
         [(20, 1, 0, -1, 1, 1, 0.05), (50, 2, 0.1, -0.5, 0.4, 1, 0.05), (6, 1, 0, -1, 1, 1, 0.05), (400, 1, 0.02, -0.2, 0.2, 1, 0.025), (10, 0.5, 1, -3, 4, 3, 0.1)]]

# Score test against a margin: restricted rates by minimising the likelihood directly.
def restricted(x1, n1, x2, n2, d):  # p1 - p2 = d
    lo, hi = max(0.0, -d), min(1.0, 1 - d)
    def nll(q):
        p = q + d; v = 0.0
        for k, n, r in ((x1, n1, p), (x2, n2, q)):
            v -= (k * math.log(r) if k else 0) + ((n - k) * math.log1p(-r) if n > k else 0)
        return v
    e = 1e-9 * (hi - lo)
    r = so.minimize_scalar(nll, bounds=(lo + e, hi - e), method="bounded", options=dict(xatol=1e-12)).x
    return r + d, r
def score(x1, n1, x2, n2, d):
    p1, p2 = restricted(x1, n1, x2, n2, d)
    return (x1 / n1 - x2 / n2 - d) / math.sqrt((p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * (n1 + n2) / (n1 + n2 - 1))
def margins(nf, ns, pf, ps, low, high, alpha):
    z, total = st.norm.isf(alpha), 0.0
    for y in range(ns + 1):
        for x in range(nf + 1):
            w = st.binom.pmf(y, ns, ps) * st.binom.pmf(x, nf, pf)
            if w > 1e-14 and score(y, ns, x, nf, low) > z and (high is None or score(y, ns, x, nf, high) < -z): total += w
    return float(total)
margin = [dict(first=a, second=b, firstRate=p, secondRate=q, low=l, high=h, alpha=s, power=margins(a, b, p, q, l, h, s)) for a, b, p, q, l, h, s in
          [(25, 25, 0.8, 0.85, -0.15, None, 0.05), (40, 30, 0.5, 0.5, -0.3, 0.3, 0.05), (30, 30, 0.1, 0.1, -0.1, None, 0.025)]]

# Logistic: expected information by adaptive quadrature.
def logistic(n, oratio, base, share, overlap, alpha):
    b0, b1 = math.log(base / (1 - base)), math.log(oratio)
    w = lambda x: 1 / (2 + 2 * math.cosh(b0 + b1 * x))
    if share is None:
        i = [si.quad(lambda x, k=k: x ** k * st.norm.pdf(x) * w(x), -12, 12, epsabs=1e-14, limit=300)[0] for k in range(3)]
    else:
        i = [(1 - share) * w(0) * (k == 0) + share * w(1) for k in range(3)]
    v = np.linalg.inv(np.array([[i[0], i[1]], [i[1], i[2]]]))[1, 1]
    return float(st.norm.cdf(abs(b1) * math.sqrt(n * (1 - overlap) / v) - st.norm.isf(alpha / 2)))
logit = [dict(n=n, oddsRatio=o, baseline=b, share=s, overlap=r, alpha=a, power=logistic(n, o, b, s, r, a)) for n, o, b, s, r, a in
         [(300, 1.5, 0.2, None, 0, 0.05), (150, 3, 0.5, None, 0.2, 0.05), (500, 1.8, 0.1, 0.5, 0, 0.05), (900, 0.6, 0.3, 0.2, 0.1, 0.01)]]

# Restricted means: without loss the variance is that of min(T, 1).
def rmst(share):
    l = -math.log1p(-share); s = lambda t: math.exp(-l * t)
    m = si.quad(s, 0, 1)[0]; return m, si.quad(lambda t: 2 * t * s(t), 0, 1)[0] - m * m
def lossy(share, lost):
    l, e = -math.log1p(-share), -math.log1p(-lost)
    area = lambda t: si.quad(lambda u: math.exp(-l * u), t, 1)[0]
    return si.quad(lambda t: area(t) ** 2 * l * math.exp((l + e) * t), 0, 1, epsabs=1e-13)[0]
def restricted_power(n, a, b, lost, ratio, alpha):
    (m1, v1), (m2, v2) = rmst(a), rmst(b)
    if lost: v1, v2 = lossy(a, lost), lossy(b, lost)
    return float(st.norm.cdf(abs(m2 - m1) / math.sqrt(v1 / n + v2 / (n * ratio)) - st.norm.isf(alpha / 2)))
times = [dict(n=n, first=a, second=b, lost=l, ratio=r, alpha=s, mean=rmst(a)[0], power=restricted_power(n, a, b, l, r, s)) for n, a, b, l, r, s in
         [(200, 0.4, 0.25, 0, 1, 0.05), (500, 0.3, 0.22, 0.2, 2, 0.05), (80, 0.9, 0.6, 0.5, 1, 0.01)]]

# Dunnett: critical value by a double integral over the control's error and the spread, then scipy's noncentral t.
zs, zw = np.polynomial.legendre.leggauss(160); zs, zw = 8.5 * zs, 8.5 * zw
us, uw = np.polynomial.legendre.leggauss(120)
def dunnett(n, d, k, r, alpha):
    df = n * (1 + k * r) - (k + 1); rho = r / (1 + r); a, b = math.sqrt(rho), math.sqrt(1 - rho)
    lo, hi = [math.sqrt(st.chi2.ppf(q, df) / df) if q < 0.5 else math.sqrt(st.chi2.isf(1 - q, df) / df) for q in (1e-15, 1 - 1e-15)]
    s = (hi + lo) / 2 + (hi - lo) / 2 * us; w = (hi - lo) / 2 * uw * st.chi2.pdf(df * s * s, df) * 2 * df * s
    def within(c):
        inside = st.norm.cdf((c * s[:, None] - a * zs) / b) - st.norm.cdf((-c * s[:, None] - a * zs) / b)
        return float((w[:, None] * zw * st.norm.pdf(zs) * inside ** k).sum())
    c = so.brentq(lambda c: within(c) - (1 - alpha), 1.5, 9, xtol=1e-13); ncp = d / math.sqrt((1 + 1 / r) / n)
    return c, float(st.nct.sf(c, df, ncp) + st.nct.cdf(-c, df, ncp))
many = []
for n, d, k, r in [(30, 0.7, 3, 1), (12, 1.5, 4, 1), (80, 0.4, 2, 0.5)]:
    c, power = dunnett(n, d, k, r, 0.05); many.append(dict(n=n, difference=d, treatments=k, ratio=r, critical=c, power=power))

body = dict(dunnett=many, oneProportion=one, oneProportionSize=oneSize, paired=paired, counts=counts, correlation=corr, equivalence=equal, margin=margin, logistic=logit, restrictedMean=times,
            tool=f"scipy {scipy.__version__}, numpy {np.__version__}, mpmath {mp.__version__}", made=datetime.date.today().isoformat(), script="make-power.py")
(here / "power-exact.json").write_text(json.dumps(body, indent=1) + "\n")
