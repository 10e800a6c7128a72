"""Reference values for Gnomon.Methods.Data. Run: python3 make.py."""
import datetime, json, math, pathlib
import numpy as np, scipy, scipy.stats as st, statsmodels
from statsmodels.stats.stattools import medcouple

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(20260102)

def write(name, **body):
    body["tool"] = f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, numpy {np.__version__}"
    body["made"] = datetime.date.today().isoformat()
    body["script"] = "make.py"
    (here / f"{name}.json").write_text(json.dumps(body, indent=1) + "\n")

# association
x = np.round(rng.normal(size=60), 1); y = np.round(.5 * x + rng.normal(size=60), 1); g = rng.integers(0, 4, 60); v = np.round(y + .5 * g, 3)
table = np.array([[20, 15, 5, 0], [10, 12, 13, 7], [3, 9, 20, 11]])
c2, p, df, e = st.chi2_contingency(table, correction=False); n = table.sum(); r, k = table.shape
phi = max(0, c2 / n - (k - 1) * (r - 1) / (n - 1)); rt = r - (r - 1) ** 2 / (n - 1); kt = k - (k - 1) ** 2 / (n - 1)
pr, sr = st.pearsonr(x, y), st.spearmanr(x, y); ci = pr.confidence_interval(.95); f = st.f_oneway(*[v[g == i] for i in range(4)])
groups = [v[g == i] for i in range(4)]; eta = math.sqrt(sum(len(a) * (a.mean() - v.mean()) ** 2 for a in groups) / ((v - v.mean()) ** 2).sum())
joint = table / n; mi = st.entropy(joint.ravel(), np.outer(joint.sum(1), joint.sum(0)).ravel())
sf = 1.959963984540054 * math.sqrt((1 + sr.statistic ** 2 / 2) / 57)
write("association", x=x.tolist(), y=y.tolist(), pearson=[pr.statistic, pr.pvalue, ci.low, ci.high], spearman=[sr.statistic, sr.pvalue, math.tanh(math.atanh(sr.statistic) - sf), math.tanh(math.atanh(sr.statistic) + sf)],
      ranks=st.rankdata(x).tolist(), table=table.ravel().tolist(), columns=4, chi2=c2, chi2p=p, df=int(df), smallestExpected=e.min(), cramersV=math.sqrt(phi / (min(rt, kt) - 1)),
      groups=g.tolist(), values=v.tolist(), eta=eta, etaP=f.pvalue, mutualInformation=mi)

# area under the curve: U and p from scipy; DeLong's variance from the full matrix of comparisons
a = np.round(rng.normal(.7, 1, 35), 1); b = np.round(rng.normal(0, 1.2, 50), 1)
psi = (a[:, None] > b).astype(float) + .5 * (a[:, None] == b); auc = psi.mean()
se = math.sqrt(psi.mean(1).var(ddof=1) / len(a) + psi.mean(0).var(ddof=1) / len(b))
u = st.mannwhitneyu(a, b, use_continuity=False, method="asymptotic")
w = st.ttest_ind(a, b, equal_var=False)
write("auc", positives=a.tolist(), negatives=b.tolist(), auc=auc, aucFromU=u.statistic / len(a) / len(b), se=se, p=u.pvalue, welchP=w.pvalue)

# robust outliers
rob = []
for s in [rng.normal(size=51), rng.exponential(size=80), np.round(rng.lognormal(0, 1, 120), 1), rng.integers(0, 6, 75).astype(float), -rng.exponential(size=33), np.array([1., 2, 4])]:
    s = np.sort(np.round(s, 6)); rob.append(dict(x=s.tolist(), medcouple=float(medcouple(s)), mad=float(st.median_abs_deviation(s, scale="normal")), q=np.quantile(s, [.25, .5, .75]).tolist()))
write("robust", cases=rob)

# Wasserstein distance
s1, s2 = np.sort(np.round(rng.normal(size=40), 1)), np.sort(np.round(rng.normal(.4, 1.5, size=55), 1))
write("wasserstein", first=s1.tolist(), second=s2.tolist(), distance=st.wasserstein_distance(s1, s2))

# Little's test, EM row by row on raw data (an own second implementation; R's naniar is not at hand)
n, p = 200, 4
Z = rng.multivariate_normal([1, 2, 3, 4], [[1, .5, .2, 0], [.5, 2, .3, .4], [.2, .3, 1.5, .1], [0, .4, .1, 1]], size=n).round(4)
M = rng.uniform(size=(n, p)) < [0, .15, .1, .2]; M[Z[:, 0] > 1.8, 3] = True; Z[M] = np.nan
mu, S = np.nanmean(Z, 0), np.diag(np.nanvar(Z, 0))
for it in range(20000):
    T1, T2 = np.zeros(p), np.zeros((p, p))
    for row in Z:
        o = ~np.isnan(row); m = ~o; full = row.copy(); C = np.zeros((p, p))
        if m.any():
            K = S[np.ix_(m, o)] @ np.linalg.inv(S[np.ix_(o, o)]); full[m] = mu[m] + K @ (row[o] - mu[o]); C[np.ix_(m, m)] = S[np.ix_(m, m)] - K @ S[np.ix_(o, m)]
        T1 += full; T2 += np.outer(full, full) + C
    new = T1 / n; NS = T2 / n - np.outer(new, new); done = max(abs(new - mu).max(), abs(NS - S).max()) < 1e-12; mu, S = new, NS
    if done: break
d2, df = 0.0, -p; St = S * n / (n - 1)
for pat in {tuple(r) for r in np.isnan(Z)}:
    sel = (np.isnan(Z) == pat).all(1); o = ~np.array(pat); dm = Z[sel][:, o].mean(0) - mu[o]; d2 += sel.sum() * dm @ np.linalg.inv(St[np.ix_(o, o)]) @ dm; df += o.sum()
write("little-mcar", rows=[[None if math.isnan(c) else c for c in r] for r in Z.tolist()], statistic=d2, df=int(df), p=st.chi2.sf(d2, df), mean=mu.tolist())
