"""Reference values for the model of a whole programme and its next effect. Run: python3 next-effect.py (numpy, scipy).

BCG trials (Colditz et al. 1994), log risk ratios: the Q-profile interval of the variance is published as 0.1197 to 1.1115 (Viechtbauer, documentation of metafor, confint.rma.uni).
"""
import datetime, json, math
import numpy as np, scipy
from scipy import optimize, stats

rng = np.random.default_rng(20261123)


def model(y, se, level=.95):
    y, se = np.array(y), np.array(se); k = len(y); a = (1 - level) / 2
    def fit(v):
        w = 1 / (v + se ** 2); m = np.average(y, weights=w)
        return m, w.sum(), (w * (y - m) ** 2).sum()
    def solve(target):
        if fit(0)[2] <= target: return 0.
        high = 1.
        while fit(high)[2] > target: high *= 2
        return optimize.brentq(lambda v: fit(v)[2] - target, 0, high, xtol=1e-18, rtol=1e-14)
    v = solve(k - 1); m, w, _ = fit(v); u = stats.t.isf(a, k - 1)
    # the spread's confidence distribution, at 64 equally likely points (Nagashima, Noma and Furukawa 2019)
    at = [solve(stats.chi2.ppf((i + .5) / 64, k - 1)) for i in range(64)]; mean = np.array([fit(x)[0] for x in at]); sd = np.array([math.sqrt(x + 1 / fit(x)[1]) for x in at])
    below = lambda x: stats.t.cdf((x - mean) / sd, k - 1).mean()
    end = lambda p: optimize.brentq(lambda x: below(x) - p, m - 1e4, m + 1e4, xtol=1e-13, maxiter=500)
    w0 = 1 / se ** 2; typical = (k - 1) * w0.sum() / (w0.sum() ** 2 - (w0 ** 2).sum())
    return dict(y=y.tolist(), se=se.tolist(), level=level, mean=m, meanLow=m - u / math.sqrt(w), meanHigh=m + u / math.sqrt(w), spread=math.sqrt(v), spreadLow=math.sqrt(solve(stats.chi2.isf(a, k - 1))),
                spreadHigh=math.sqrt(solve(stats.chi2.ppf(a, k - 1))), inconsistency=v / (v + typical), low=end(a), high=end(1 - a), above=float(1 - below(0)))


bcg = np.array([[4, 119, 11, 128], [6, 300, 29, 274], [3, 228, 11, 209], [62, 13536, 248, 12619], [33, 5036, 47, 5761], [180, 1361, 372, 1079], [8, 2537, 10, 619], [505, 87886, 499, 87892],
                [29, 7470, 45, 7232], [17, 1699, 65, 1600], [186, 50448, 141, 27197], [5, 2493, 3, 2338], [27, 16886, 29, 17825]], float)
a, b, c, d = bcg.T
y, se = np.log(a / (a + b) / (c / (c + d))), np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))
cases = [dict(name="bcg", **model(y, se)),
         dict(name="programme", **model(np.round(rng.normal(.004, .01, 25) + rng.normal(0, 1, 25) * .012, 5), np.full(25, .012), .9)),
         dict(name="alike", **model([.01, .011, .009, .01], [.01, .02, .015, .01])), dict(name="three", **model([.1, .5, -.2], [.1, .1, .2]))]
json.dump(dict(tool=f"scipy {scipy.__version__}, numpy {np.__version__}", made=datetime.date.today().isoformat(), script="next-effect.py", cases=cases), open("next-effect.json", "w"), indent=1)
for k in cases: print(k["name"], {n: round(float(v), 4) for n, v in k.items() if isinstance(v, float)}, k["spreadLow"] ** 2, k["spreadHigh"] ** 2)
