"""Reference values for MixedExposure: two-stage least squares on rows with cluster-robust errors by matrices, and Manski bounds with the bootstrap over units. Run: python3 make-mixed.py (numpy, scipy, statsmodels)."""
import datetime, json, pathlib
import numpy as np, scipy, scipy.stats as st, statsmodels, statsmodels.api as sm

rng = np.random.default_rng(20261123)
units = 400
first = rng.integers(0, 2, units)
crosses = rng.random(units) < 0.3
rows = []
for u in range(units):
    base = rng.beta(0.3 * 4, 2.7 * 4)
    for k in range(1 + rng.poisson(2.1)):
        arm = first[u] if not (crosses[u] and rng.random() < 0.5 and k > 0) else 1 - first[u]
        rows.append((u, first[u], arm, int(rng.random() < min(1, base + 0.1 * arm))))
d = np.array(rows, float)
unit, z, a, y = d[:, 0].astype(int), d[:, 1], d[:, 2], d[:, 3]



# Two-stage least squares, just identified: (Z'X)^-1 Z'y, sandwich over units, scaled within arms by n / (n - 1) as sample variances are.
X, Z = np.c_[np.ones(len(y)), a], np.c_[np.ones(len(y)), z]
beta = np.linalg.solve(Z.T @ X, Z.T @ y)
res = y - X @ beta
scores = np.zeros((units, 2))
np.add.at(scores, unit, Z * res[:, None])


def sandwich(B, S):
    M = np.zeros((2, 2))
    for g in (0, 1):
        s = S[first == g]
        n = len(s)
        s = s - s.mean(0)
        M += n / (n - 1) * s.T @ s
    I = np.linalg.inv(B)
    return I @ M @ I.T


# The intercept makes scores of both arms sum to 0 in each arm: the just-identified fit.
iv = sandwich(Z.T @ X, scores)
itt = sm.OLS(y, Z).fit()
s2 = np.zeros((units, 2))
np.add.at(s2, unit, Z * itt.resid[:, None])
ols = sandwich(Z.T @ Z, s2)

own, other = a[z == 1].mean(), a[z == 0].mean()


def bounds(idx):
    u = np.isin(unit, idx) if idx is not None else np.ones(len(y), bool)
    t, c = u & (z == 1), u & (z == 0)
    lo = np.where(a[t] == 1, y[t], 0).mean() - np.where(a[c] == 0, y[c], 1).mean()
    hi = np.where(a[t] == 1, y[t], 1).mean() - np.where(a[c] == 0, y[c], 0).mean()
    return lo, hi


def end_error(kt, kc):
    # Error of a mean of rows by unit: OLS with clusters on the filled values.
    filled = np.where((z == 1) & (a == 0), kt, np.where((z == 0) & (a == 1), kc, y))
    fit = sm.OLS(filled, Z).fit()
    s = np.zeros((units, 2))
    np.add.at(s, unit, Z * fit.resid[:, None])
    return float(np.sqrt(sandwich(Z.T @ Z, s)[1, 1]))


lower, upper = bounds(None)
zq = st.norm.isf(0.025)
mixed = [(u, first[u], y[(unit == u) & (a == 1)].mean() + y[(unit == u) & (a == 0)].mean()) for u in range(units) if 0 < a[unit == u].mean() < 1]
m = np.array(mixed, float)
welch = st.ttest_ind(m[m[:, 1] == 1, 2], m[m[:, 1] == 0, 2], equal_var=False)
out = dict(
    tool=f"numpy {np.__version__}, scipy {scipy.__version__}, statsmodels {statsmodels.__version__}", made=datetime.date.today().isoformat(),
    tolerance="rows and matrices against totals per unit: 1e-9 relative", unit=unit.tolist(), first=z.astype(int).tolist(), shown=a.astype(int).tolist(), y=y.astype(int).tolist(),
    itt=float(itt.params[1]), itt_se=float(np.sqrt(ols[1, 1])), own=float(own), other=float(other), iv=float(beta[1]), iv_se=float(np.sqrt(iv[1, 1])),
    lower=float(lower), upper=float(upper), low=float(lower - zq * end_error(0, 1)), high=float(upper + zq * end_error(1, 0)), carry=float(m[m[:, 1] == 1, 2].mean() - m[m[:, 1] == 0, 2].mean()), carry_p=float(welch.pvalue))
(pathlib.Path(__file__).parent / "mixed.json").write_text(json.dumps(out) + "\n")
print({k: v for k, v in out.items() if not isinstance(v, list)})
