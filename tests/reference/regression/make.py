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
