"""Restricted wild bootstrap of rows (Rademacher, null imposed, HC3-studentised): every one of 2^11 sign patterns refitted in full. Run: python3 make-wild.py."""
import datetime, itertools, json, pathlib
import numpy as np

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(23); n = 11
x = np.round(rng.gamma(2, size=n), 4); z = np.round(rng.normal(size=n), 4); w = np.round(rng.uniform(.5, 2, size=n), 4)
y = np.round(1 + .9 * x + .5 * z + (.5 + x) * rng.normal(size=n), 4)
signs = np.array(list(itertools.product((1., -1.), repeat=n)))

def hc3(X, y):
    b, *_ = np.linalg.lstsq(X, y, rcond=None); B = np.linalg.inv(X.T @ X); h = np.einsum("ij,jk,ik->i", X, B, X)
    S = X * ((y - X @ b) / (1 - h))[:, None]
    return b[1], np.sqrt((B @ S.T @ S @ B)[1, 1])

def test(root, null):
    X = np.column_stack([np.ones(n), x, z]) * root[:, None]; Y = y * root; R = X[:, [0, 2]]
    b, se = hc3(X, Y); t = abs(b - null) / se
    br, *_ = np.linalg.lstsq(R, Y - null * X[:, 1], rcond=None); fitted = R @ br + null * X[:, 1]; u = Y - fitted
    drawn = [hc3(X, fitted + s * u) for s in signs]
    return (b, se), float(np.mean([abs(d[0] - null) / d[1] >= t * (1 - 1e-10) for d in drawn]))

def end(root, side, level):
    (b, se), _ = test(root, 0.); inside, step = b, 2 * se
    while test(root, b + side * step)[1] >= 1 - level:
        inside, step = b + side * step, 2 * step
    outside = b + side * step
    while abs(outside - inside) > 1e-7 * se:
        m = (inside + outside) / 2
        inside, outside = (inside, m) if test(root, m)[1] < 1 - level else (m, outside)
    return inside

def case(root):
    (b, se), p = test(root, 0.)
    return dict(estimate=b, error=se, p=p, low=end(root, -1, .9), high=end(root, 1, .9))

body = dict(x=x.tolist(), z=z.tolist(), y=y.tolist(), w=w.tolist(), plain=case(np.ones(n)), weighted=case(np.sqrt(w)),
            tool=f"numpy {np.__version__}", made=datetime.date.today().isoformat(), script="make-wild.py")
(here / "wild-rows.json").write_text(json.dumps(body, indent=1) + "\n")
