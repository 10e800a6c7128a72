"""Reference values for Gnomon.Methods.Experiments. Run: python3 make.py (scipy, statsmodels, numpy; R for make.R)."""
import datetime, json, math, itertools, pathlib
import numpy as np, scipy, scipy.stats as st, scipy.integrate as si, scipy.special as sp, statsmodels, statsmodels.api as sm

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(20260101)

def write(name, **body):
    body["tool"] = f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, numpy {np.__version__}"
    body["made"] = datetime.date.today().isoformat()
    body["script"] = "make.py"
    (here / f"{name}.json").write_text(json.dumps(body, indent=1) + "\n")

# sample ratio: chi-square (scipy), exact multinomial (full enumeration with scipy's multinomial), Dirichlet-multinomial e-value (gammaln)
def exact(observed, shares):
    n, k = sum(observed), len(observed)
    p0 = st.multinomial.logpmf(observed, n, shares)
    total = 0.0
    for cut in itertools.product(range(n + 1), repeat=k - 1):
        if sum(cut) <= n:
            lp = st.multinomial.logpmf(list(cut) + [n - sum(cut)], n, shares)
            if lp <= p0 + 1e-7: total += math.exp(lp)
    return total
chi = []
for o, s in [([821588, 815482], [.5, .5]), ([50000, 48700], [.5, .5]), ([52100, 47900], [.5, .5]), ([300, 310, 350, 390], [.25] * 4),
             ([95100, 4900], [.95, .05]), ([60000, 20000], [.5, .5])]:
    e = np.array(s) * sum(o); x = float(((np.array(o) - e) ** 2 / e).sum()); d = len(o) - 1
    # log p by the asymptotic series of the normal tail when it underflows
    chi.append(dict(observed=o, shares=s, statistic=x, df=d, p=float(st.chi2.sf(x, d)), log10p=float(st.chi2.logsf(x, d) / math.log(10)) if st.chi2.sf(x, d) > 0
                    else float((st.norm.logsf(math.sqrt(x)) + math.log(2)) / math.log(10))))
small = [dict(observed=o, shares=s, p=exact(o, s)) for o, s in [([1, 7], [.5, .5]), ([0, 5, 9], [.2, .3, .5]), ([3, 1, 1, 6], [.25] * 4), ([2, 38], [.01, .99])]]
ev = []
for o, s in [([50000, 48700], [.5, .5]), ([10000, 10050], [.5, .5]), ([900, 120, 80], [.9, .05, .05])]:
    a = 10000 * np.array(s)
    ev.append(dict(observed=o, shares=s, log=float(sp.gammaln(a.sum()) - sp.gammaln(a.sum() + sum(o)) + (sp.gammaln(a + o) - sp.gammaln(a)).sum() - (np.array(o) * np.log(s)).sum())))
write("sample-ratio", chi=chi, exact=small, evalue=ev)

# winner's curse by numerical integration of |x| over the significant region
wc = []
for effect, alpha in [(2.8015852, .05), (2.24, .05), (1.96, .05), (0.5, .05), (0.1, .05), (3.5, .01)]:
    z = st.norm.isf(alpha / 2); f = lambda x: st.norm.pdf(x, effect)
    hi = si.quad(f, z, z + 40, epsabs=1e-14, limit=500, points=[max(z, effect)])[0]; lo = si.quad(f, -z - 40, -z, epsabs=1e-14, limit=500, points=[-z])[0]
    m = si.quad(lambda x: x * f(x), z, z + 40, epsabs=1e-14, limit=500, points=[max(z, effect)])[0] - si.quad(lambda x: x * f(x), -z - 40, -z, epsabs=1e-14, limit=500)[0]
    wc.append(dict(effect=effect, alpha=alpha, power=hi + lo, typeM=m / (hi + lo) / effect, typeS=lo / (hi + lo)))
write("winners-curse", cases=wc)

# skewness
sk = []
for x in [rng.normal(size=30), rng.exponential(size=200), rng.lognormal(0, 1.5, size=500), rng.uniform(size=8)]:
    x = np.round(x, 6); t = st.skewtest(x); sk.append(dict(x=x.tolist(), skew=float(st.skew(x)), z=float(t.statistic), p=float(t.pvalue)))
write("skewness", cases=sk)

# novelty: WLS with known variances (scale 1), independent days; clustered: sandwich with the full covariance of days
days = np.arange(14.); var = np.round(rng.uniform(.5, 2, 14), 4); diff = np.round(3 - .8 * np.log1p(days) + rng.normal(size=14) * np.sqrt(var), 4)
X = sm.add_constant(np.log1p(days)); fit = sm.WLS(diff, X, weights=1 / var).fit(); cov = fit.normalized_cov_params; h = np.array([1, math.log1p(60)])
k = 5; A = np.round(rng.multivariate_normal(np.linspace(2, 1, k), .5 * np.eye(k) + .5, size=40), 4); B = np.round(rng.multivariate_normal(np.zeros(k), .5 * np.eye(k) + .5, size=50), 4)
D = A.mean(0) - B.mean(0); S = np.cov(A.T) / 40 + np.cov(B.T) / 50; W = np.diag(1 / np.diag(S)); Xc = sm.add_constant(np.log1p(np.arange(k)))
bread = np.linalg.inv(Xc.T @ W @ Xc); beta = bread @ Xc.T @ W @ D; cc = bread @ Xc.T @ W @ S @ W @ Xc @ bread
write("novelty", days=days.tolist(), difference=diff.tolist(), variance=var.tolist(), slope=float(fit.params[1]), slopeSe=float(math.sqrt(cov[1, 1])),
      horizon=60, projected=float(h @ fit.params), projectedSe=float(math.sqrt(h @ cov @ h)), lackOfFit=float((fit.resid ** 2 / var).sum()),
      average=float((diff / var).sum() / (1 / var).sum()),
      first=A.tolist(), second=B.tolist(), clusteredSlope=float(beta[1]), clusteredSlopeSe=float(math.sqrt(cc[1, 1])),
      clusteredProjected=float(beta @ [1, math.log1p(30)]), clusteredProjectedSe=float(math.sqrt(np.array([1, math.log1p(30)]) @ cc @ [1, math.log1p(30)])))

# guardrails: one-sided Welch; the relative margin is a test of treatment against a scaled control
x = np.round(rng.gamma(2, 3, 80), 4); y = np.round(rng.gamma(2, 3.1, 120), 4)
t = lambda a, b, alt: float(st.ttest_ind(a, b, equal_var=False, alternative=alt).pvalue)
write("guardrail", treatment=x.tolist(), control=y.tolist(),
      higher=dict(harm=t(x, y, "less"), absolute=dict(margin=.5, p=t(x + .5, y, "greater")), relative=dict(margin=.1, p=t(x, .9 * y, "greater"))),
      lower=dict(harm=t(x, y, "greater"), absolute=dict(margin=.5, p=t(x - .5, y, "less")), relative=dict(margin=.1, p=t(x, 1.1 * y, "less"))))

# one p-value per usual setting, 2,250 against 2,400 of 50,000 and a small table
def ps(a, n, b, m):
    from statsmodels.stats.proportion import proportions_ztest
    table = [[a, n - a], [b, m - b]]; z = abs(proportions_ztest([a, b], [n, m])[0])
    pa, pb = a / n, b / m; w = abs(pa - pb) / math.sqrt(pa * (1 - pa) / n + pb * (1 - pb) / m)
    xa = np.r_[np.ones(a), np.zeros(n - a)]; xb = np.r_[np.ones(b), np.zeros(m - b)]
    return dict(a=a, n=n, b=b, m=m, ps=[float(v) for v in [st.chi2_contingency(table, correction=False)[1], 2 * st.norm.sf(w), st.ttest_ind(xa, xb, equal_var=False).pvalue,
                st.chi2_contingency(table, correction=True)[1], st.fisher_exact(table)[1], st.norm.sf(z), st.norm.sf(w)]])
write("reported-result", cases=[ps(2250, 50000, 2400, 50000), ps(12, 80, 25, 90)])

# trimming bounds: unit weights split at the edge, by brute force over a fine replication of each unit
first = np.sort(np.round(rng.normal(size=23), 3)); second = np.sort(np.round(rng.normal(.3, 1, size=20), 3))
q = 1 - 20 / 23; keep = np.repeat(first, 2000); c = round(len(keep) * (1 - q))
write("lee-bounds", observed=[23, 20], shares=[.5, .5], first=first.tolist(), second=second.tolist(),
      low=float(keep[:c].mean() - second.mean()), high=float(keep[-c:].mean() - second.mean()), missing=q)

# clusters: analysis of variance by hand and cluster-robust OLS (statsmodels), row level data
ids, rows = [], []
for i in range(30):
    u = rng.normal()
    for _ in range(int(rng.integers(1, 7))): ids.append(i); rows.append(round(u + rng.normal() * 1.5, 4))
ids = np.array(ids); rows = np.array(rows); arm = (ids % 2 == 0) * 1.0
g = [rows[ids == i] for i in range(30)]; n = len(rows); a = 30
msb = sum(len(v) * (v.mean() - rows.mean()) ** 2 for v in g) / (a - 1); msw = sum(((v - v.mean()) ** 2).sum() for v in g) / (n - a)
n0 = (n - sum(len(v) ** 2 for v in g) / n) / (a - 1); F = msb / msw
lo, hi = F / st.f.ppf(.975, a - 1, n - a), F / st.f.ppf(.025, a - 1, n - a)
ols = sm.OLS(rows, sm.add_constant(arm)).fit(cov_type="cluster", cov_kwds=dict(groups=ids, use_correction=False))
write("clusters", ids=ids.tolist(), rows=rows.tolist(), icc=float((msb - msw) / (msb + (n0 - 1) * msw)), low=float((lo - 1) / (lo + n0 - 1)), high=float((hi - 1) / (hi + n0 - 1)),
      F=float(F), p=float(st.f.sf(F, a - 1, n - a)), clusterSe=float(ols.bse[1]), unitsPerArm=15)

# sequential designs: probability of no crossing as a multivariate normal box (Genz), independent of any recursion
def stay(times, z):
    t = np.array(times); C = np.minimum.outer(t, t) / np.sqrt(np.outer(t, t))
    z = np.array(z); total = 0.0
    for signs in itertools.product([0, 1], repeat=len(t)):
        total += (-1) ** (len(t) - sum(signs)) * st.multivariate_normal.cdf(np.where(np.array(signs) == 1, z, -z), np.zeros(len(t)), C, abseps=1e-9, releps=1e-9, maxpts=2_000_000)
    return total
seq = [dict(times=t, z=z, cross=float(1 - stay(t, z))) for t, z in [([.2, .7], [2.5, 2.0]), ([1 / 3, 2 / 3, 1], [3.710, 2.511, 1.993]), ([.1, .5, 1], [2.2, 2.2, 2.2])]]
write("sequential", boxes=seq)
