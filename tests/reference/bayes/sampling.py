"""Reference values for chain diagnostics and sampled regressions. Run: /usr/bin/python3 sampling.py (numpy, scipy)."""
import datetime, json, math, pathlib
import numpy as np, scipy, scipy.stats as st, scipy.special as sp

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(20260101)

# ---- R-hat and effective sizes, written from Vehtari et al. 2021 with autocovariances by FFT -------------------------------------
def autocov(x):
    n = len(x); m = 1 << (2 * n - 1).bit_length()
    f = np.fft.rfft(x - x.mean(), m)
    return np.fft.irfft(f * np.conj(f), m)[:n] / n
def split(x): h = x.shape[1] // 2; return np.concatenate([x[:, :h], x[:, -h:]])
def znorm(x): return st.norm.ppf((st.rankdata(x.ravel()).reshape(x.shape) - .375) / (x.size + .25))
def rhat(x):
    n = x.shape[1]; w = x.var(axis=1, ddof=1).mean(); b = n * x.mean(axis=1).var(ddof=1)
    return math.sqrt(((n - 1) / n * w + b / n) / w)
def ess(x):
    m, n = x.shape; ac = np.array([autocov(r) for r in x]).mean(axis=0)
    w = x.var(axis=1, ddof=1).mean(); v = w * (n - 1) / n + (x.mean(axis=1).var(ddof=1) if m > 1 else 0)
    rho = 1 - (w - ac) / v; rho[0] = 1
    t = 0; pairs = []
    while t + 1 < n - 2 and rho[t] + rho[t + 1] > 0: pairs.append(rho[t] + rho[t + 1]); t += 2
    extra = max(0.0, rho[t]) if t + 1 < n - 2 else 0.0
    for i in range(1, len(pairs)): pairs[i] = min(pairs[i], pairs[i - 1])
    tau = max(-1 + 2 * sum(pairs) + extra, 1 / math.log10(m * n))
    return m * n / tau
def diagnose(x):
    s = split(x); q = [np.quantile(s, p) for p in (.05, .95)]
    sq = (s - s.mean()) ** 2
    return dict(rhat=max(rhat(znorm(s)), rhat(znorm(np.abs(s - np.median(s))))), bulk=ess(znorm(s)), tail=min(ess((s <= v).astype(float)) for v in q),
                meanError=s.std(ddof=1) / math.sqrt(ess(s)), deviationError=math.sqrt(((sq ** 2).mean() - sq.mean() ** 2) / ess(sq) / (4 * sq.mean())))
def ar(phi, c, n, shift=0.0, scale=1.0):
    x = np.zeros((c, n)); x[:, 0] = rng.normal(size=c)
    for i in range(1, n): x[:, i] = phi * x[:, i - 1] + math.sqrt(1 - phi * phi) * rng.normal(size=c)
    x *= scale; x[0] += shift
    return x
chains = [ar(0.0, 4, 200), ar(0.8, 4, 200), ar(0.3, 3, 201, shift=1.5), ar(-0.5, 2, 150), np.exp(3 * ar(0.5, 4, 120)), np.round(ar(0.6, 4, 100)), np.vstack([ar(0, 2, 100), 3 * ar(0, 2, 100)])]
diagnostics = [dict(chains=x.tolist(), **diagnose(x)) for x in chains]

# ---- posteriors on dense grids ---------------------------------------------------------------------------------------------------
def prior(kind):
    return (lambda z: st.norm.logpdf(z, 0, 2.5)) if kind == "normal" else (lambda z: st.cauchy.logpdf(z, 0, 1.0)) if kind == "cauchy" else (lambda z: st.t.logpdf(z, 4, 0.5, 0.8))
def moments(w, v):
    m = (w * v).sum(); s = math.sqrt((w * (v - m) ** 2).sum())
    o = np.argsort(v.ravel()); c = np.cumsum(w.ravel()[o]); q = lambda p: float(np.interp(p, c, v.ravel()[o]))
    return dict(mean=float(m), deviation=s, low=q(.025), high=q(.975))
fits = []
def two(law, x, y, kind, offset=0.0):
    s, mx = x.std(ddof=1), x.mean(); z = (x - mx) / s
    centre = math.log(y.sum() / np.exp(offset + 0 * x).sum()) if law == "poisson" else 0.0
    g = 900
    fitlo, fithi = {"binomial": ((-12, 12), (-4, 14)) if len(x) == 6 else ((-6, 7), (-3, 9)), "poisson": ((centre - 3, centre + 2), (-1.5, 2.5))}[law]
    A, B = np.meshgrid(np.linspace(*fitlo, g), np.linspace(*fithi, g))
    lp = st.norm.logpdf(A, centre, 10) + prior(kind)(B)
    for zi, yi, oi in zip(z, y, offset + 0 * x):
        eta = A + B * zi + oi
        lp += yi * eta - (np.logaddexp(0, eta) if law == "binomial" else np.exp(eta))
    w = np.exp(lp - lp.max()); w /= w.sum()
    assert max(w[0].sum(), w[-1].sum(), w[:, 0].sum(), w[:, -1].sum()) < 1e-6, (law, kind)
    fits.append(dict(law=law, prior=kind, x=x.tolist(), y=y.tolist(), offset=(offset + 0 * x).tolist(), parameters=[moments(w, A - B * mx / s), moments(w, B / s)]))
x = rng.normal(3, 2, 40); y = (rng.random(40) < sp.expit(-2 + .9 * x)).astype(float); two("binomial", x, y, "normal"); two("binomial", x, y, "cauchy"); two("binomial", x, y, "student")
x = np.arange(12.0); y = (x > 5.5).astype(float); two("binomial", x[3:9], y[3:9], "normal")  # separated: only the prior keeps it finite
x = rng.uniform(0, 5, 30); e = np.log(rng.uniform(1, 20, 30)); y = rng.poisson(np.exp(-1 + .3 * x + e)).astype(float); two("poisson", x, y, "normal", e)
# gaussian: three parameters on the scaled scale
x = rng.normal(10, 4, 15); y = 5 + 0.7 * x + rng.normal(0, 3, 15)
s, mx, sy, my = x.std(ddof=1), x.mean(), y.std(ddof=1), y.mean(); z, t = (x - mx) / s, (y - my) / sy
for kind in ("normal", "student"):
    a, b, l = np.meshgrid(np.linspace(-1.6, 1.6, 161), np.linspace(-1.2, 2.4, 181), np.linspace(-1.7, 1.2, 161), indexing="ij")
    rss = (t @ t) + len(t) * a * a + (z @ z) * b * b - 2 * a * t.sum() - 2 * b * (z @ t) + 2 * a * b * z.sum()
    lp = -.5 * np.exp(-2 * l) * rss - len(t) * l - np.exp(l) + l + st.norm.logpdf(a, 0, 10) + prior(kind)(b)
    w = np.exp(lp - lp.max()); w /= w.sum()
    fits.append(dict(law="gaussian", prior=kind, x=x.tolist(), y=y.tolist(), offset=[0.0] * 15, parameters=[moments(w, my + sy * a - sy * b / s * mx), moments(w, sy * b / s), moments(w, sy * np.exp(l))]))

body = dict(diagnostics=diagnostics, fits=fits, tool=f"scipy {scipy.__version__}, numpy {np.__version__}", made=datetime.date.today().isoformat(), script="sampling.py")
(here / "sampling.json").write_text(json.dumps(body) + "\n")
for d in diagnostics: print({k: v for k, v in d.items() if k != "chains"})
for f in fits: print(f["law"], f["prior"], f["parameters"])
