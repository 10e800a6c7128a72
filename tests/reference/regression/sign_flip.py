"""Sign-flip score test of one coefficient by plain refits in numpy: p by saddlepoint (scipy root finder) or over every sign pattern, interval by Brent's method. Run: python3 sign_flip.py."""
import itertools, json, pathlib
import numpy as np
from scipy import optimize, stats

def parts(X, y, j, null=0., w=None):
    root = np.ones(len(y)) if w is None else np.sqrt(w)
    X = X * root[:, None]; y = y * root
    R = np.delete(X, j, 1)
    a = np.linalg.pinv(X)[j]
    r = (y - null * X[:, j]) - R @ np.linalg.lstsq(R, y - null * X[:, j], rcond=None)[0]
    leverage = lambda M: np.einsum("ij,jk,ik->i", M, np.linalg.inv(M.T @ M), M)
    h, own = leverage(R), leverage(X) - leverage(R)
    return a @ y - null, a * r / np.sqrt(1 - h) / (1 - own) ** .1

def saddle(total, u):
    d, u = abs(total), np.abs(u)
    if d >= u.sum() * (1 - 1e-12):
        return 2. ** (1 - (u > 0).sum())
    t = optimize.brentq(lambda t: (u * np.tanh(t * u)).sum() - d, 0, 1e6 / u.max(), xtol=1e-300, rtol=8.9e-16, maxiter=1000)
    k = np.sum(np.logaddexp(t * u, -t * u) - np.log(2))
    r = np.sqrt(2 * (t * d - k)); q = t * np.sqrt(np.sum(u ** 2 / np.cosh(t * u) ** 2))
    return float(np.clip(2 * stats.norm.sf(r + np.log(q / r) / r), 2. ** (1 - (u > 0).sum()), 1))

def p_value(X, y, j, null=0., w=None):
    return saddle(*parts(X, y, j, null, w))

def interval(X, y, j, level=.95, w=None):
    b, u = parts(X, y, j, 0., w); se = np.sqrt((u ** 2).sum())
    def end(side):
        far = 2 * se
        while p_value(X, y, j, b + side * far, w) > 1 - level:
            far *= 2
            if far > 1e4 * se:
                return None
        return optimize.brentq(lambda v: p_value(X, y, j, v, w) - (1 - level), b + side * .05 * se, b + side * far, xtol=1e-12)
    return end(-1), end(+1)

if __name__ == "__main__":
    rng = np.random.default_rng(31); n = 16
    x = np.round(rng.gamma(2, size=n), 4); z = np.round(rng.normal(size=n), 4); w = np.round(rng.uniform(.5, 2, size=n), 4)
    y = np.round(1 + 1.1 * x + .5 * z + (.5 + x) * rng.normal(size=n), 4)
    X = np.column_stack([np.ones(n), x, z]); out = {"source": "numpy and scipy: sign_flip.py", "x": list(x), "z": list(z), "w": list(w), "y": list(y)}
    signs = np.array(list(itertools.product((1., -1.), repeat=n)))
    for name, weights in (("plain", None), ("weighted", w)):
        b, u = parts(X, y, 1, 0., weights); low, high = interval(X, y, 1, .9, weights)
        out[name] = {"estimate": b, "p": p_value(X, y, 1, 0., weights), "exhaustive": float(np.mean(np.abs(signs @ u) >= abs(b) * (1 - 1e-12))), "low": low, "high": high}
    tails = []
    u = np.abs(rng.normal(size=20))
    for share in (.1, .3, .5, .7, .9):
        tails.append({"sum": float(share * u.sum()), "saddle": saddle(share * u.sum(), u)})
    (pathlib.Path(__file__).parent / "sign-flip.json").write_text(json.dumps({**out, "parts": list(u), "tails": tails}, indent=1))
