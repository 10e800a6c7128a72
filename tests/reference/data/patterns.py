"""Reference values for the search for patterns: rank contrasts, one change of level, what a mixture explains of a difference. Run: /usr/bin/python3 patterns.py"""
import datetime, json, pathlib
import numpy as np, scipy, scipy.stats as st

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(20261124)

# A group against the rest: normal scores by scipy, moments of the permutation distribution by their textbook form, and by brute force over 200,000 draws.
x = np.round(rng.gamma(2, 3, 240), 1)
group = rng.random(240) < 0.2
x[group] += 1.1
scores = st.norm.ppf((st.rankdata(x) - 0.375) / (len(x) + 0.25))
m, n = group.sum(), len(x)
z = (scores[group].sum() - m * scores.mean()) / np.sqrt(m * (n - m) / (n * (n - 1)) * ((scores - scores.mean()) ** 2).sum())
draws = np.array([rng.permutation(scores)[:m].sum() for _ in range(200_000)])
brute = np.mean(np.abs(draws - m * scores.mean()) >= abs(scores[group].sum() - m * scores.mean()) - 1e-12)
counts = []
for k, mm, K, N in ((9, 30, 40, 400), (1, 60, 30, 500), (25, 25, 80, 300), (120, 200, 9000, 20000)):
    h = st.hypergeom(N, K, mm)
    expected = mm * K / N
    counts.append(dict(groupOnes=k, group=mm, ones=K, rows=N, p=min(1, 2 * (h.sf(k - 1) if k >= expected else h.cdf(k)))))
contrast = dict(scores=scores.tolist(), group=group.astype(int).tolist(), z=z, p=2 * st.norm.sf(abs(z)), brute=brute, counts=counts)

# One change of level: numpy sums, scipy's limiting Kolmogorov distribution.
steps = []
for shift in (0.0, 0.7):
    v = rng.normal(size=300)
    v[180:] += shift
    s = np.cumsum(v - v.mean())[:-1]
    k = np.arange(1, 300)
    allowed = (k >= 10) & (300 - k >= 10)
    at = k[allowed][np.argmax(np.abs(s[allowed]))]
    stat = np.abs(s[at - 1]) / np.sqrt(((v - v.mean()) ** 2).sum())
    level = np.where(np.arange(300) < at, v[:at].mean(), v[at:].mean())
    r = v - level
    steps.append(dict(values=v.tolist(), before=int(at), statistic=stat, p=st.kstwobign.sf(stat), neighbours=(r[1:] * r[:-1]).sum() / (r**2).sum()))

# Kitagawa: value by its formula, error by numeric derivatives of the formula and by a bootstrap of rows.
def split(p, q, a, b):
    return ((q - p) * (a + b) / 2).sum(), ((b - a) * (p + q) / 2).sum()


sides = []
for size, shares, means in ((900, (0.5, 0.3, 0.2), (1.0, 2.5, 4.0)), (1200, (0.3, 0.35, 0.35), (1.2, 2.4, 4.5))):
    g = rng.choice(3, size, p=shares)
    sides.append((g, np.array(means)[g] + rng.normal(0, 1.5, size)))


def parts(side):
    g, y = side
    return np.bincount(g, minlength=3) / len(g), np.array([y[g == k].mean() for k in range(3)]), np.array([y[g == k].var(ddof=1) / (g == k).sum() for k in range(3)]), len(g)


(p, a, va, n1), (q, b, vb, n2) = parts(sides[0]), parts(sides[1])
value = split(p, q, a, b)
theta = np.concatenate([p, q, a, b])
cov = np.zeros((12, 12))
cov[:3, :3] = (np.diag(p) - np.outer(p, p)) / n1
cov[3:6, 3:6] = (np.diag(q) - np.outer(q, q)) / n2
cov[6:9, 6:9], cov[9:, 9:] = np.diag(va), np.diag(vb)
grad = np.zeros((2, 12))
for i in range(12):
    up, down = theta.copy(), theta.copy()
    up[i] += 1e-5
    down[i] -= 1e-5
    f = lambda t: np.array(split(t[:3], t[3:6], t[6:9], t[9:]))
    grad[:, i] = (f(up) - f(down)) / 2e-5
errors = np.sqrt(np.diag(grad @ cov @ grad.T))
boot = []
for _ in range(4000):
    s = []
    for g, y in sides:
        k = rng.integers(0, len(g), len(g))
        s.append((g[k], y[k]))
    (bp, ba, _, _), (bq, bb, _, _) = parts(s[0]), parts(s[1])
    boot.append(split(bp, bq, ba, bb))
total = sides[1][1].mean() - sides[0][1].mean()
mix = dict(
    groups=[s[0].tolist() for s in sides], values=[s[1].tolist() for s in sides], total=total,
    totalError=np.sqrt(sides[0][1].var(ddof=1) / n1 + sides[1][1].var(ddof=1) / n2), mix=value[0], within=value[1], mixError=errors[0], withinError=errors[1], bootstrapErrors=np.std(boot, axis=0).tolist(),
)
body = dict(contrast=contrast, steps=steps, mix=mix, tool=f"numpy {np.__version__}, scipy {scipy.__version__}", made=datetime.date.today().isoformat(), script="patterns.py")
(here / "patterns.json").write_text(json.dumps(body) + "\n")
print(contrast["p"], brute, [s["p"] for s in steps], value, errors, np.std(boot, axis=0))
