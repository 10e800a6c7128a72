"""Reference values for many rates, Poisson rates, go decisions and likelihood intervals. Run: /usr/bin/python3 shrinkage.py (scipy, numpy; R for confint(glm))."""
import datetime, json, math, pathlib, subprocess
import numpy as np, scipy, scipy.stats as st, scipy.integrate as si, scipy.optimize as so, scipy.special as sp

here = pathlib.Path(__file__).parent

# ---- many rates -----------------------------------------------------------------------------------------------------------------
# Eighteen players of Efron and Morris 1975 (hits of the first 45 at bats); the rest are made up.
sets = [([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7], [45] * 18),
        ([3, 40, 0, 12, 7, 90, 1], [20, 200, 10, 15, 35, 260, 9]),
        ([5, 0, 9, 2], [10, 10, 10, 10]),
        ([52, 410, 33, 1, 77, 240, 9, 1025], [1000, 9000, 700, 40, 1300, 5200, 300, 19000])]

def ll(m, n0, k, n):
    a, b = m * n0, (1 - m) * n0
    return float(np.sum(sp.betaln(a + k, b + n - k) - sp.betaln(a, b) + sp.gammaln(n + 1) - sp.gammaln(k + 1) - sp.gammaln(n - k + 1)))

def empirical(k, n):
    k, n = np.array(k, float), np.array(n, float)
    best = min((so.minimize(lambda t: -ll(sp.expit(t[0]), math.exp(t[1]), k, n), [sp.logit(k.sum() / n.sum()), s], method="Nelder-Mead", options=dict(xatol=1e-10, fatol=1e-13, maxiter=20000)) for s in (1, 3, 6)), key=lambda r: r.fun)
    pooled = float(st.binom.logpmf(k, n, k.sum() / n.sum()).sum())
    if pooled >= -best.fun - 1e-6:
        return dict(units=None, mean=k.sum() / n.sum(), log=pooled)
    m, n0 = sp.expit(best.x[0]), math.exp(best.x[1])
    return dict(mean=m, units=n0, log=-best.fun, rates=((m * n0 + k) / (n0 + n)).tolist(), low=st.beta.ppf(.025, m * n0 + k, (1 - m) * n0 + n - k).tolist(), high=st.beta.ppf(.975, m * n0 + k, (1 - m) * n0 + n - k).tolist())

# Full posterior on a dense grid of log odds (trapezoid: spectral accuracy, since the density vanishes at the ends).
def full(k, n):
    k, n = np.array(k, float), np.array(n, float)
    # A coarse grid finds the box that holds the density; the fine one has spacing far below a group's own spread wherever there is mass.
    box = (-14, 9, -26, 14)
    for g in (250, 800):
        w, m, n0, box = grid(k, n, g, box)
    out = dict(mean=float((w * m).sum()), correlation=float((w / (1 + n0)).sum()), rates=[], low=[], high=[])
    for ki, ni in zip(k, n):
        a, b = m * n0 + ki, (1 - m) * n0 + ni - ki
        out["rates"].append(float((w * a / (a + b)).sum()))
        for q, name in ((.025, "low"), (.975, "high")):
            out[name].append(so.brentq(lambda x: float((w * sp.betainc(a, b, x)).sum()) - q, 1e-12, 1 - 1e-12, xtol=1e-9))
    return out

def grid(k, n, g, box):
    v = np.linspace(box[0], box[1], g); u = np.linspace(box[2], box[3], g)
    M, U = np.meshgrid(v, u); n0 = np.exp(-U); m = sp.expit(M)
    lp = np.log(m) + np.log(sp.expit(-M)) + np.log(sp.expit(U)) + np.log(sp.expit(-U))
    for ki, ni in zip(k, n):
        # log rising factorials, stable for large n0
        ris = lambda a, r: sum(np.log(a + i) for i in range(int(r))) if r <= 300 else sp.gammaln(a + r) - sp.gammaln(a)
        lp = lp + ris(n0 * m, ki) + ris(n0 * sp.expit(-M), ni - ki) - ris(n0, ni)
    w = np.exp(lp - lp.max()); w /= w.sum()
    keep = w > 1e-12
    box = (M[keep].min() - .05, M[keep].max() + .05, U[keep].min() - .05, U[keep].max() + .05)
    w, m, n0 = w[keep], m[keep], n0[keep]
    return w / w.sum(), m, n0, box

rates = [dict(events=k, units=n, empirical=empirical(k, n), full=full(k, n)) for k, n in sets]

# ---- Poisson rates --------------------------------------------------------------------------------------------------------------
poisson = []
for (a1, b1), (a2, b2), r in [((12.5, 40.0), (7.0, 35.0), 1.2), ((0.5, 10.0), (3.5, 12.0), 1.0), ((250.0, 1000.0), (301.0, 1010.0), 0.9)]:
    g1, g2 = st.gamma(a1, scale=1 / b1), st.gamma(a2, scale=1 / b2)
    f = st.f(2 * a1, 2 * a2); scale = (a1 / b1) / (a2 / b2)
    tail_k, e = int(round(3 * a1 / b1 * 5)), 5.0
    nb = st.nbinom(a1, b1 / (b1 + e)); ks = np.arange(0, 20000); p = nb.pmf(ks)
    poisson.append(dict(first=[a1, b1], second=[a2, b2], ratio=r, above=g1.sf(.3), low=g1.ppf(.025), high=g1.ppf(.975),
                        ratioAbove=si.quad(lambda x: g2.pdf(x) * g1.sf(r * x), 0, g2.ppf(1 - 1e-15), points=[g2.ppf(q) for q in (.01, .5, .99)], epsabs=1e-13, limit=400)[0], ratioLow=scale * f.ppf(.025), ratioHigh=scale * f.ppf(.975),
                        count=tail_k, exposure=e, log=float(nb.logpmf(tail_k)), tail=float(p[p <= p[tail_k] * (1 + 1e-9)].sum())))

# ---- go decisions ---------------------------------------------------------------------------------------------------------------
def edges(a, b): return [0.0] + [float(st.beta.ppf(q, a, b)) for q in (1e-9, .01, .25, .5, .75, .99, 1 - 1e-9)] + [1.0]
def excess(t, c, m):
    # E[(T - C - m)+] over the control's rate
    up = lambda x: 1 * (t[0] / sum(t) - x) if x <= 0 else 0.0 if x >= 1 else t[0] / sum(t) * st.beta.sf(x, t[0] + 1, t[1]) - x * st.beta.sf(x, *t)
    e = edges(*c)
    return sum(si.quad(lambda p: st.beta.pdf(p, *c) * up(p + m), x, y, epsabs=1e-14, epsrel=1e-12, limit=200)[0] for x, y in zip(e, e[1:]))
def after(t, c, m, n):
    k = np.arange(n + 1); pt, pc = st.betabinom.pmf(k, n, *t), st.betabinom.pmf(k, n, *c)
    mt, mc = (t[0] + k) / (sum(t) + n), (c[0] + k) / (sum(c) + n)
    return float((np.maximum(0, mt[:, None] - mc[None, :] - m) * pt[:, None] * pc[None, :]).sum())
go = []
for t, c, gain, cost, n in [((172, 130), (136, 166), 100.0, 1.0, 300), ((133, 169), (136, 166), 100.0, 1.0, 300), ((3, 9), (2, 11), 50.0, 5.0, 40), ((133, 169), (136, 166), -100.0, 0.5, 150)]:
    m = cost / gain; mean = t[0] / sum(t) - c[0] / sum(c); net = gain * (mean - m); now = max(0.0, net)
    ex, af = excess(t, c, m), after(t, c, m, n)
    evpi = (gain * ex if gain > 0 else -gain * (ex - mean + m)) - now
    evsi = (gain * af if gain > 0 else -gain * (af - mean + m)) - now
    rng = np.random.default_rng(7); d = rng.beta(*t, 4_000_000) - rng.beta(*c, 4_000_000)
    go.append(dict(treatment=t, control=c, gain=gain, cost=cost, units=n, excess=ex, excessAfter=af, net=net, evpi=evpi, evsi=evsi, evpiMonteCarlo=float(np.maximum(0, gain * d - cost).mean() - now)))
effect = []
for comps, est, se, df, m, s in [([[1, 0, 0.05]], 0.12, 0.0405, None, 0.05, 0.04), ([[0.8, 0, 0.05], [0.2, 0, 1.0]], 0.3, 0.05, None, 0.1, 0.05), ([], 1.3, 0.8, 6.5, 0.5, 0.6), ([[1, 0.5, 0.4]], 2.2, 0.5, 4.0, 0.7, 0.5)]:
    lik = (lambda x: st.norm.pdf(x, est, se)) if df is None else (lambda x: st.t.pdf((x - est) / se, df))
    pri = (lambda x: 1.0) if not comps else (lambda x: sum(w * st.norm.pdf(x, a, b) for w, a, b in comps))
    span = 60 * se * (20000 if df and not comps else 1) + (10 * max(b for _, _, b in comps) if comps else 0)
    pts = sorted({est, m, 0.0, *(est + j * se for j in (-1e4, -1e3, -100, -30, -10, -4, -2, -1, 1, 2, 4, 10, 30, 100, 1e3, 1e4)), *(a + j * b for _, a, b in comps for j in (-6, -2, 0, 2, 6))})
    def integral(f, lo=est - span, hi=est + span):
        e = [lo] + [p for p in pts if lo < p < hi] + [hi]
        return sum(si.quad(f, x, y, epsabs=1e-15, epsrel=1e-12, limit=400)[0] for x, y in zip(e, e[1:]))
    z = integral(lambda x: lik(x) * pri(x)); dens = lambda x: lik(x) * pri(x) / z
    mean = integral(lambda x: x * dens(x)); sd = math.sqrt(integral(lambda x: (x - mean) ** 2 * dens(x)))
    cdf = lambda q: integral(dens, hi=q)
    lead = lambda y: integral(lambda x: (x - m) * dens(x) * st.norm.pdf(y, x, s))
    ys = so.brentq(lead, mean - 12 * math.hypot(sd, s), mean + 12 * math.hypot(sd, s), xtol=1e-12)
    effect.append(dict(prior=comps, estimate=est, error=se, df=df, threshold=m, further=s, mean=mean, deviation=sd, above=1 - cdf(m), excess=integral(lambda x: max(0.0, x - m) * dens(x)),
                       excessAfter=integral(lambda x: (x - m) * dens(x) * st.norm.cdf((x - ys) / s)), low=so.brentq(lambda q: cdf(q) - .025, mean - 12 * sd, mean, xtol=1e-11), high=so.brentq(lambda q: cdf(q) - .975, mean, mean + 12 * sd, xtol=1e-11)))

# ---- likelihood -----------------------------------------------------------------------------------------------------------------
def r_glm(x, nx, y, ny):
    code = f"suppressMessages(library(stats)); f <- glm(cbind(c({x},{y}), c({nx - x},{ny - y})) ~ c(1,0), family=binomial, control=glm.control(epsilon=1e-14)); ci <- suppressMessages(confint(f))[2,]; cat(sprintf('%.15g %.15g %.15g', coef(f)[2], ci[1], ci[2]))"
    return [float(v) for v in subprocess.check_output(["Rscript", "-e", code], text=True).split()]
def logl(k, n, p): return (k * math.log(p) if k else 0.0) + ((n - k) * math.log1p(-p) if k < n else 0.0)
like = []
for x, nx, y, ny in [(1100, 20000, 1000, 20000), (171, 300, 135, 300), (7, 12, 2, 14), (0, 20, 5, 20)]:
    best = logl(x, nx, x / nx) + logl(y, ny, y / ny); limit = st.chi2.ppf(.95, 1)
    def lost(d):
        lo, hi = max(1e-300, -d + 1e-300), min(1 - 1e-16, 1 - d - 1e-16)
        f = lambda q: -(logl(x, nx, min(max(q + d, 1e-300), 1 - 1e-16)) + logl(y, ny, q))
        r = so.minimize_scalar(f, bounds=(lo, hi), method="bounded", options=dict(xatol=1e-14))
        return 2 * (best + r.fun)
    v = x / nx - y / ny
    row = dict(x=x, nx=nx, y=y, ny=ny, value=v, low=so.brentq(lambda d: lost(d) - limit, v - .9 * (v + 1), v - 1e-9, xtol=1e-12), high=so.brentq(lambda d: lost(d) - limit, v + 1e-9, v + .9 * (1 - v), xtol=1e-12), deviance=lost(0.0))
    if x > 0:
        lo = math.log(x / (nx - x) / (y / (ny - y)))
        def lost_odds(psi):
            b = so.brentq(lambda t: nx * sp.expit(t + psi) + ny * sp.expit(t) - x - y, -60, 60, xtol=1e-15)
            return 2 * (best - x * (b + psi) + nx * np.logaddexp(0, b + psi) - y * b + ny * np.logaddexp(0, b))
        row["exactLow"], row["exactHigh"] = (so.brentq(lambda p: lost_odds(p) - limit, *e, xtol=1e-13) for e in ((lo - 20, lo), (lo, lo + 20)))
        row["logOdds"], row["oddsLow"], row["oddsHigh"] = r_glm(x, nx, y, ny)
    like.append(row)

r = subprocess.check_output(["Rscript", "-e", "cat(R.version.string)"], text=True)
body = dict(rates=rates, poisson=poisson, go=go, effect=effect, likelihood=like, tool=f"scipy {scipy.__version__}, numpy {np.__version__}, {r}", made=datetime.date.today().isoformat(), script="shrinkage.py")
(here / "shrinkage.json").write_text(json.dumps(body, indent=1) + "\n")
for r in rates: print(r["empirical"]["mean"], r["empirical"]["units"], r["full"]["mean"], r["full"]["correlation"])
print(go); print(effect); print(like)
