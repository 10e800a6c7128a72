"""Reference values for Gnomon.Methods.Bayes. Run: python3 make.py (scipy, numpy)."""
import datetime, json, math, pathlib
import numpy as np, scipy, scipy.stats as st, scipy.integrate as si, scipy.optimize as so, scipy.special as sp

here = pathlib.Path(__file__).parent
beta = st.beta

# Difference of two beta mixtures by adaptive quadrature over the control's rate.
def mix(ms, f): return sum(w / sum(m[0] for m in ms) * f(a, b) for w, a, b in ms)
def above(t, c, m):
    g = lambda p: mix(c, lambda a, b: beta.pdf(p, a, b)) * mix(t, lambda a, b: beta.sf(p + m, a, b))
    pts = sorted({float(beta.ppf(q, a, b)) for _, a, b in c for q in (1e-9, .01, .25, .5, .75, .99, 1 - 1e-9)})
    edges = [0.0] + [x for x in pts if 0 < x < 1] + [1.0]
    return sum(si.quad(g, x, y, epsabs=1e-13, epsrel=1e-12, limit=200)[0] for x, y in zip(edges, edges[1:]))
def loss(t, c):  # mean of (control - treatment)+
    part = lambda x: mix(t, lambda a, b: x * beta.cdf(x, a, b) - a / (a + b) * beta.cdf(x, a + 1, b))
    g = lambda p: mix(c, lambda a, b: beta.pdf(p, a, b)) * part(p)
    pts = sorted({float(beta.ppf(q, a, b)) for _, a, b in c for q in (1e-9, .01, .25, .5, .75, .99, 1 - 1e-9)})
    edges = [0.0] + [x for x in pts if 0 < x < 1] + [1.0]
    return sum(si.quad(g, x, y, epsabs=1e-13, epsrel=1e-12, limit=200)[0] for x, y in zip(edges, edges[1:]))
rates = []
for t, c, m in [([(1, 172, 130)], [(1, 136, 166)], 0.05), ([(1, 133, 169)], [(1, 136, 166)], 0.0), ([(1, 1.5, 20.5)], [(1, 0.5, 21.5)], 0.0),
                ([(0.8, 208, 154), (0.2, 172, 130)], [(1, 160, 202)], 0.05), ([(1, 5001, 95001)], [(1, 4801, 95201)], 0.001)]:
    q = lambda u: so.brentq(lambda d: above(t, c, d) - u, -0.99, 0.99, xtol=1e-10)
    rates.append(dict(treatment=t, control=c, margin=m, above=above(t, c, m), aboveZero=above(t, c, 0.0), loss=loss(t, c), low=q(0.975), high=q(0.025)))

# Mixture posterior weights and predictive tails from the beta-binomial of scipy.
def posterior(ms, x, n):
    w = [u * st.betabinom.pmf(x, n, a, b) for u, a, b in ms]; s = sum(w)
    return [dict(weight=v / s, a=a + x, b=b + n - x) for v, (u, a, b) in zip(w, ms)]
def tail(ms, x, n):
    k = np.arange(n + 1); p = sum(u * st.betabinom.pmf(k, n, a, b) for u, a, b in ms); return float(p[p <= p[x] * (1 + 1e-9)].sum())
mixtures = [dict(prior=ms, events=x, n=n, posterior=posterior(ms, x, n), tail=tail(ms, x, n), interval=[so.brentq(lambda v: sum(d["weight"] * beta.cdf(v, d["a"], d["b"]) for d in posterior(ms, x, n)) - u, 0, 1, xtol=1e-13) for u in (0.025, 0.975)])
            for ms, x, n in [([(1, 37, 25)], 132, 300), ([(0.8, 37, 25), (0.2, 1, 1)], 132, 300), ([(1, 1, 1)], 0, 20), ([(0.5, 2, 30), (0.5, 30, 2)], 7, 12)]]

# Normal beliefs by quadrature over the posterior.
normal = []
for m, s, est, se in [(0.0, 0.05, 0.12, 0.0405), (0.0, 2.0, 3.19, 2.83), (-1.0, 0.7, 0.4, 0.5)]:
    w = s * s / (s * s + se * se); pm, ps = m + w * (est - m), math.sqrt(w) * se
    d = st.norm(pm, ps)
    f = lambda h: si.quad(lambda x: h(x) * d.pdf(x), pm - 12 * ps, pm + 12 * ps, points=[0.0], epsabs=1e-13, limit=400)[0]
    future = 0.3; pre = ps * ps / math.sqrt(ps * ps + future * future)
    evsi = si.quad(lambda x: max(0.0, x) * st.norm.pdf(x, pm, pre), pm - 12 * pre, pm + 12 * pre, points=[0.0], epsabs=1e-13, limit=400)[0] - max(0.0, pm)
    normal.append(dict(mean=m, deviation=s, estimate=est, error=se, postMean=pm, postDeviation=ps, above=d.sf(0.05), inside=d.cdf(0.05) - d.cdf(-0.05),
                       acting=f(lambda x: max(0.0, -x)), waiting=f(lambda x: max(0.0, x)), evsi=evsi, conflict=2 * st.norm.sf(abs(est - m) / math.hypot(s, se))))

# Bayes factors: the normal one by integrating the likelihood over the prior, the Cauchy one as Rouder et al. write it.
bfn = [dict(estimate=e, error=s, prior=t, factor=si.quad(lambda x: st.norm.pdf(e, x, s) * st.norm.pdf(x, 0, t), -12 * (t + s), 12 * (t + s), points=[0.0, e], epsabs=1e-14, limit=800)[0] / st.norm.pdf(e, 0, s))
       for e, s, t in [(0.12, 0.0405, 0.05), (1.0, 0.5, 2.0), (0.0, 1.0, 1.0)]]
def jzs(t, nu, N, r):
    def g(u):
        v = math.exp(u); a = 1 + N * v * r * r
        return a ** -0.5 * (1 + t * t / (a * nu)) ** (-(nu + 1) / 2) * (2 * math.pi) ** -0.5 * v ** -1.5 * math.exp(-1 / (2 * v)) * v
    edges = [-5, -3, -1, 0, 1, 2, 4, 8, 16, 40, 80]
    return sum(si.quad(g, a, b, epsabs=0, epsrel=1e-12, limit=400)[0] for a, b in zip(edges, edges[1:])) / (1 + t * t / nu) ** (-(nu + 1) / 2)
bfc = [dict(t=t, df=nu, n=N, scale=r, factor=jzs(t, nu, N, r)) for t, nu, N, r in
       [(2.03, 79, 80, 1.0), (0.69, 98, 25, 2 ** -0.5), (5.5, 18, 5, 2 ** -0.5), (0.0, 9, 10, 2 ** -0.5), (3.0, 1998, 500, 1.414)]]

# Normal-inverse-gamma: the marginal of the mean by quadrature over the variance.
x = np.array([3.1, 4.5, 2.2, 5.9, 3.3, 4.1]); m0, k0, a0, b0 = 3.0, 2.0, 1.5, 2.0
n, xb, ss = len(x), x.mean(), ((x - x.mean()) ** 2).sum()
kn, an = k0 + n, a0 + n / 2; mn, bn = (k0 * m0 + n * xb) / kn, b0 + ss / 2 + k0 * n * (xb - m0) ** 2 / (2 * kn)
nig = dict(x=x.tolist(), prior=[m0, k0, a0, b0], posterior=[mn, kn, an, bn],
           above=si.quad(lambda v: st.norm.sf(4.0, mn, math.sqrt(v / kn)) * st.invgamma.pdf(v, an, scale=bn) if v > 0 else 0.0, 0, 5, points=[0.5, 1, 2], epsabs=1e-13, limit=400)[0]
           + si.quad(lambda v: st.norm.sf(4.0, mn, math.sqrt(v / kn)) * st.invgamma.pdf(v, an, scale=bn), 5, math.inf, epsabs=1e-13, limit=400)[0])

# Paule and Mandel on the eight schools of Rubin 1981 and on spread-out estimates, root by scipy.
def pm(y, s):
    y, s = np.array(y), np.array(s)
    q = lambda v: (((y - (y / (v + s * s)).sum() / (1 / (v + s * s)).sum()) ** 2) / (v + s * s)).sum()
    v = 0.0 if q(0) <= len(y) - 1 else so.brentq(lambda u: q(u) - (len(y) - 1), 0, 1e4, xtol=1e-14)
    w = 1 / (v + s * s); mu = (w * y).sum() / w.sum(); b = v / (v + s * s)
    return dict(y=y.tolist(), se=s.tolist(), mean=float(mu), error=float(w.sum() ** -0.5), spread=math.sqrt(v), q=float(q(0)), p=float(st.chi2.sf(q(0), len(y) - 1)), shrunken=(b * y + (1 - b) * mu).tolist())
shrink = [pm([28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18]), pm([1.0, 4.0, -2.0, 6.5, 0.3], [0.5, 0.8, 0.6, 1.2, 0.4])]

body = dict(rates=rates, mixtures=mixtures, normal=normal, factorNormal=bfn, factorCauchy=bfc, normalInverseGamma=nig, shrinkage=shrink,
            tool=f"scipy {scipy.__version__}, numpy {np.__version__}", made=datetime.date.today().isoformat(), script="make.py")
(here / "bayes.json").write_text(json.dumps(body, indent=1) + "\n")
print([ (r["aboveZero"], r["above"]) for r in rates]); print([m["tail"] for m in mixtures]); print(bfc)
