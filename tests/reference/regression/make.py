"""Reference values that R's packages do not give. Run: python3 make.py."""
import datetime, itertools, json, pathlib
import numpy as np, scipy

here = pathlib.Path(__file__).parent

def write(name, **body):
    body["tool"] = f"numpy {np.__version__}, scipy {scipy.__version__}"
    body["made"] = datetime.date.today().isoformat()
    body["script"] = "make.py"
    (here / f"{name}.json").write_text(json.dumps(body, indent=1) + "\n")

# Restricted wild cluster bootstrap, Webb weights, every one of 6^4 assignments refitted in full
rng = np.random.default_rng(11)
g = np.repeat([0, 1, 2, 3], [5, 6, 8, 9]); n = len(g)
x = np.round(rng.normal(size=4)[g] + rng.normal(size=n), 4); z = np.round(rng.normal(size=n), 4)
y = np.round(1 + .8 * x + z + rng.normal(size=4)[g] + rng.normal(size=n), 4)
X = np.column_stack([np.ones(n), x, z]); R = X[:, [0, 2]]

def cr1_t(y):
    b, *_ = np.linalg.lstsq(X, y, rcond=None); e = y - X @ b; B = np.linalg.inv(X.T @ X); M = np.zeros((3, 3))
    for c in range(4):
        s = X[g == c].T @ e[g == c]; M += np.outer(s, s)
    V = B @ M @ B * 4 / 3 * (n - 1) / (n - 3)
    return b[1] / np.sqrt(V[1, 1])

t = cr1_t(y); br, *_ = np.linalg.lstsq(R, y, rcond=None); fitted = R @ br; u = y - fitted
webb = [s * np.sqrt(v) for s in (1, -1) for v in (.5, 1, 1.5)]
ts = np.array([abs(cr1_t(fitted + np.array(v)[g] * u)) for v in itertools.product(webb, repeat=4)])
write("wild", g=g.tolist(), x=x.tolist(), z=z.tolist(), y=y.tolist(), t=float(t), p=float((ts >= abs(t) * (1 - 1e-10)).mean()))

# Average marginal effects, discrete for the 0/1 column
import statsmodels.api as sm
d = json.loads((here / "glm.json").read_text()); X = np.column_stack([np.ones(150), d["x"], d["f"]])
lm = sm.Logit(d["yb"], X).fit(disp=0, method="newton", tol=1e-14).get_margeff(dummy=True)
pm = sm.Poisson(d["yp"], X).fit(disp=0, method="newton", tol=1e-14).get_margeff(dummy=True)
write("margins", logit=lm.margeff.tolist(), logitErrors=lm.margeff_se.tolist(), poisson=pm.margeff.tolist(), poissonErrors=pm.margeff_se.tolist(), statsmodels=sm.__version__ if hasattr(sm, "__version__") else "0.13.5")

# CR2 of a logit with the root taken on the weighted scale, from full n_g by n_g blocks (eigendecomposition of I - H)
X = np.column_stack([np.ones(150), d["x"], d["z"], d["f"]]); y = np.array(d["yb"]); cl = np.array(d["cl"])
b = sm.Logit(y, X).fit(disp=0, method="newton", tol=1e-14).params; mu = 1 / (1 + np.exp(-X @ b)); w = mu * (1 - mu)
Xt = X * np.sqrt(w)[:, None]; e = (y - mu) / np.sqrt(w); B = np.linalg.inv(Xt.T @ Xt); H = Xt @ B @ Xt.T; M = np.zeros((4, 4)); G = []
for c in np.unique(cl):
    i = cl == c; v, U = np.linalg.eigh(np.eye(i.sum()) - H[np.ix_(i, i)]); A = U @ np.diag(v ** -.5) @ U.T
    s = Xt[i].T @ A @ e[i]; M += np.outer(s, s); G.append((np.eye(150) - H)[:, i] @ A @ Xt[i] @ B)
deg = []
for j in range(4):
    P = np.array([[G[a][:, j] @ G[c][:, j] for c in range(15)] for a in range(15)]); deg.append(np.trace(P) ** 2 / (P ** 2).sum())
write("cr2-logit", errors=np.sqrt(np.diag(B @ M @ B)).tolist(), degrees=deg)

# Unit roots
import statsmodels.tsa.stattools as ts, warnings
warnings.simplefilter("ignore")
g = json.loads((here / "diagnostics.json").read_text()); out = {}
for name in ("t1", "t2"):
    s = np.array(g[name]); a = ts.adfuller(s, regression="c", autolag="AIC"); b = ts.adfuller(s, maxlag=2, autolag=None, regression="ct")
    k, kt = ts.kpss(s, regression="c", nlags="legacy"), ts.kpss(s, regression="ct", nlags="legacy")
    out[name] = dict(adf=[a[0], a[1], a[2]], adfTrend=[b[0], b[1], b[2]], kpss=[k[0], k[1], k[2]], kpssTrend=[kt[0], kt[1], kt[2]])
write("unit-roots", series=out)
