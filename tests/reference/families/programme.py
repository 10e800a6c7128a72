"""Reference values for the methods of a programme of experiments. Run: python3 programme.py (numpy, scipy, statsmodels; Rscript with mvtnorm for the looks)."""
import datetime, json, pathlib, subprocess
import numpy as np, scipy, scipy.optimize as so, scipy.stats as st, statsmodels, statsmodels.api as sm
from statsmodels.stats.power import NormalIndPower

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(20261122)

chance = [dict(tests=m, significant=k, good=g, alpha=a, expected=m * a, one=1 - (1 - a) ** m, atLeast=st.binom.sf(k - 1, m, a), good_=st.binom.sf(g - 1, m, a / 2))
          for m, k, g, a in [(15, 4, 4, 0.05), (12, 12, 12, 0.05), (30, 12, 12, 0.05), (200, 30, 24, 0.05), (8, 0, 0, 0.01), (1, 1, 0, 0.05)]]
risk = [dict(success=s, power=w, alpha=a, risk=a / 2 * (1 - s) / (a / 2 * (1 - s) + w * s)) for s, w, a in [(1 / 3, 0.8, 0.05), (0.2, 0.8, 0.05), (0.15, 0.8, 0.05), (0.1, 0.8, 0.05), (0.08, 0.8, 0.05), (0.25, 0.5, 0.01)]]

# Excess significance: Paule-Mandel spread by scipy's brentq, power by the normal predictive, the Poisson-binomial tail by multiplying polynomials.
def excess(y, se, alpha=0.05):
    y, se, z = np.array(y), np.array(se), st.norm.isf(alpha / 2)
    def q(v):
        w = 1 / (v + se**2); m = (w * y).sum() / w.sum()
        return (w * (y - m) ** 2).sum() - (len(y) - 1)
    v = 0.0 if q(0) <= 0 else so.brentq(q, 0, (y.max() - y.min()) ** 2, xtol=1e-16, rtol=1e-14)
    w = 1 / (v + se**2); m = (w * y).sum() / w.sum()
    s = np.sqrt(v + se**2)
    power = st.norm.sf((z * se - m) / s) + st.norm.cdf((-z * se - m) / s)
    k = int((np.abs(y) > z * se).sum())
    poly = np.array([1.0])
    for p in power: poly = np.convolve(poly, [1 - p, p])
    return dict(y=y.tolist(), se=se.tolist(), observed=k, expected=power.sum(), p=float(poly[k:].sum()))
samples = []
for kind in range(4):
    n = [12, 30, 8, 40][kind]
    se = rng.uniform(0.5, 2, n)
    y = [rng.normal(2.3, 0.3, n) * se, rng.normal(0, 1, n) * se, rng.normal(0.2, 0.5, n) + rng.normal(0, 1, n) * se, rng.normal(0, 3, n) + rng.normal(0, 1, n) * se][kind]
    samples.append(excess(np.round(y, 6), np.round(se, 6)))

# p-curve as in the authors' app (version 4.06) for z tests: pp-values through the chi-square of z squared.
def pcurve(ps):
    p = np.array([x for x in ps if x < 0.05]); z2 = st.norm.isf(p / 2) ** 2
    ncp = so.brentq(lambda d: st.ncx2.sf(st.norm.isf(0.025) ** 2, 1, d) - 1 / 3, 1e-6, 25, xtol=1e-14)
    full = st.norm.ppf(p / 0.05).sum() / np.sqrt(len(p))
    weak = st.norm.ppf(3 * (st.ncx2.cdf(z2, 1, ncp) - 2 / 3)).sum() / np.sqrt(len(p))
    h = p[p < 0.025]
    half = st.norm.ppf(h / 0.025).sum() / np.sqrt(len(h)) if len(h) else None
    return dict(p=list(ps), k=len(p), full=full, fullP=st.norm.cdf(full), half=half, halfP=None if half is None else st.norm.cdf(half), weak=weak, weakP=st.norm.cdf(weak))
curves = [pcurve(ps) for ps in ([0.0008, 0.011, 0.031, 0.046, 0.3, 0.8], [0.049, 0.041, 0.048, 0.032, 0.044, 0.05], [1e-6, 3e-4, 0.002, 0.012, 0.0007, 0.03])]

funnels = []
for n, b in [(8, 0), (25, 1.2), (40, -0.4)]:
    se = np.round(rng.uniform(0.1, 1, n), 6); y = np.round(0.3 + b * se + rng.normal(0, 1, n) * se, 6)
    fit = sm.WLS(y, sm.add_constant(se), weights=1 / se**2).fit()  # the coefficient of the error is Egger's intercept
    funnels.append(dict(y=y.tolist(), se=se.tolist(), intercept=fit.params[1], error=fit.bse[1], p=fit.pvalues[1], slope=fit.params[0]))

slopes = []
for n, k in [(6, 0.3), (20, 1.0)]:
    x = np.round(rng.uniform(0.5, 5, n), 6); se = np.round(rng.uniform(0.2, 0.8, n), 6); y = np.round(k * x + rng.normal(0, 1 + (n == 6), n) * se, 6)
    fit = sm.WLS(y, x, weights=1 / se**2).fit()
    error = float(fit.bse[0] / np.sqrt(fit.scale) * np.sqrt(max(1, fit.scale)))
    half = st.t.isf(0.025, n - 1) * error
    slopes.append(dict(x=x.tolist(), y=y.tolist(), se=se.tolist(), slope=fit.params[0], error=error, low=fit.params[0] - half, high=fit.params[0] + half))

pairs = []
for shift in (0, 0.6):
    cells = [np.round(rng.normal(m, s, n), 6) for m, s, n in [(1, 1, 40), (1.2, 2, 55), (0.9, 1, 38), (1.3 + shift, 1.5, 61)]]
    a = np.concatenate([np.repeat(i // 2, len(c)) for i, c in enumerate(cells)]); b = np.concatenate([np.repeat(i % 2, len(c)) for i, c in enumerate(cells)])
    fit = sm.OLS(np.concatenate(cells), np.column_stack([np.ones(len(a)), a, b, a * b])).fit(cov_type="HC2")
    v = [c.var(ddof=1) / len(c) for c in cells]
    df = sum(v) ** 2 / sum(x * x / (len(c) - 1) for x, c in zip(v, cells))
    counts = np.array([[len(cells[0]), len(cells[1])], [len(cells[2]), len(cells[3])]])
    pairs.append(dict(cells=[c.tolist() for c in cells], interaction=fit.params[3], error=fit.bse[3], df=df, p=2 * st.t.sf(abs(fit.params[3] / fit.bse[3]), df), independence=st.chi2_contingency(counts, correction=False)[1]))

sizes = []
for n0, d, power in [(20000, 0.02, 0.9), (500, 0.15, 0.8)]:
    n = NormalIndPower().solve_power(effect_size=d, alpha=0.05, power=power, alternative="two-sided")
    sizes.append(dict(effect=d, error=float(np.sqrt(2 / n0)), power=power, factor=n / n0))

r = subprocess.run(["Rscript", "-e", """
library(mvtnorm); set.seed(1)
for (c in list(c(0.01,2),c(0.04,5),c(0.004,7),c(0.3,3))) { k <- c[2]; z <- qnorm(1-c[1]/2); s <- outer(1:k,1:k,function(i,j) sqrt(pmin(i,j)/pmax(i,j)));
cat(c[1], k, 1-pmvnorm(rep(-z,k), rep(z,k), sigma=s, algorithm=GenzBretz(maxpts=5e6, abseps=1e-9)), '\\n') }"""], capture_output=True, text=True, check=True).stdout
looks = [dict(p=float(a), looks=int(b), corrected=float(c)) for a, b, c in (line.split() for line in r.strip().splitlines())]

out = dict(tool=f"numpy {np.__version__}, scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, R mvtnorm (looks)", made=datetime.date.today().isoformat(),
           tolerance="closed forms 1e-12 relative; roots and noncentral tails 1e-8; looks 2e-6 absolute (quasi Monte Carlo of the reference)",
           chance=chance, risk=risk, excess=samples, pcurve=curves, funnel=funnels, slope=slopes, pair=pairs, size=sizes, looks=looks)
(here / "programme.json").write_text(json.dumps(out, indent=1) + "\n")
