"""Reference values for rows that a decision let through: Heckman's two steps with statsmodels and numpy, worst-case bounds with scipy. Run: /usr/bin/python3 selection.py"""
import datetime, json, pathlib
import numpy as np, scipy, scipy.optimize as so, scipy.stats as st, statsmodels, statsmodels.api as sm

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(20261125)

n = 600
x, w = rng.normal(size=n).round(3), rng.normal(size=n).round(3)
u = rng.normal(size=n)
e = 1.5 * (0.6 * u + 0.8 * rng.normal(size=n))
selected = (0.3 + 0.8 * x + 1.0 * w + u) > 0
y = (2 + 1.2 * x + e).round(4)
Z = sm.add_constant(np.column_stack([x, w]))
X = sm.add_constant(x)
probit = sm.GLM(selected.astype(float), Z, family=sm.families.Binomial(sm.families.links.probit())).fit(tol=1e-14, maxiter=200)
g = Z @ probit.params
lam = st.norm.pdf(g) / st.norm.cdf(g)
Xs = np.column_stack([X, lam])[selected]
ols = sm.OLS(y[selected], Xs).fit()
b = ols.params
delta = (lam * (lam + g))[selected]
sigma2 = (ols.resid**2).mean() + delta.mean() * b[2] ** 2
rho2 = b[2] ** 2 / sigma2
bread = np.linalg.inv(Xs.T @ Xs)
F = (Xs * delta[:, None]).T @ Z[selected]
meat = (Xs * (1 - rho2 * delta)[:, None]).T @ Xs + rho2 * F @ probit.cov_params() @ F.T
V = sigma2 * bread @ meat @ bread
mean = X.mean(0) @ b[:2]
error = np.sqrt(X.mean(0) @ V[:2, :2] @ X.mean(0) + ((X @ b[:2] - mean) ** 2).sum() / (n * (n - 1)))
heckman = dict(x=x.tolist(), w=w.tolist(), selected=selected.astype(int).tolist(), y=y.tolist(), probit=probit.params.tolist(), coefficients=b.tolist(), errors=np.sqrt(np.diag(V)).tolist(),
               sigma=np.sqrt(sigma2), correlation=b[2] / np.sqrt(sigma2), mean=mean, meanError=error)

bounds = []
for values, missing, low, high in (([1.0] * 30 + [0.0] * 170, 100, 0, 1), ([1.0] * 400 + [0.0] * 600, 3, 0, 1), (rng.normal(5, 2, 80).round(3).tolist(), 40, 0, 12), ([1.0] * 30 + [0.0] * 170, 0, 0, 1)):
    filled = [np.array(values + [v] * missing) for v in (low, high)]
    (l, sl), (h, sh) = [(f.mean(), f.std(ddof=1) / np.sqrt(len(f))) for f in filled]
    c = so.brentq(lambda c: st.norm.cdf(c + (h - l) / max(sl, sh)) - st.norm.cdf(-c) - 0.95, 0, 3, xtol=1e-14)
    bounds.append(dict(values=values, missing=missing, smallest=low, largest=high, lowest=l, highest=h, low=max(low, l - c * sl), high=min(high, h + c * sh)))
body = dict(heckman=heckman, bounds=bounds, tool=f"statsmodels {statsmodels.__version__}, scipy {scipy.__version__}, numpy {np.__version__}", made=datetime.date.today().isoformat(), script="selection.py")
(here / "selection.json").write_text(json.dumps(body) + "\n")
print(b, np.sqrt(np.diag(V)), ols.bse, mean, error, [(q["low"], q["high"]) for q in bounds])
