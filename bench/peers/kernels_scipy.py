"""Bootstrap, Welch, permutation and rank tests of scipy, OLS with HC1 and logit of statsmodels, in memory: seconds of the median of several runs, as JSON."""
import json, sys, time
import numpy as np
from scipy import stats
import statsmodels.api as sm

folder = sys.argv[1]


def median(f, runs):
    times = []
    for _ in range(runs):
        t = time.perf_counter()
        f()
        times.append(time.perf_counter() - t)
    return sorted(times)[len(times) // 2]


def read(name):
    return np.fromfile(f"{folder}/{name}.f64")


def design(name, rows):
    return sm.add_constant(np.ascontiguousarray(read(f"{name}_x").reshape(20, rows).T)), read(f"{name}_y")


def bootstrap(statistic):
    return stats.bootstrap((x,), statistic, n_resamples=9999, method="BCa", batch=100, vectorized=True, random_state=1, axis=-1)


def relabel(values, times):
    """Welch's p of random assignments, each unit on its own."""
    rng, n, squares, p = np.random.default_rng(1), len(values), values * values, []
    total, whole = values.sum(), squares.sum()
    for _ in range(times):
        w = (rng.random(n) < 0.5).astype(float)
        n2, s2, q2 = w.sum(), w @ values, w @ squares
        n1, m2, m1 = n - n2, s2 / n2, (total - s2) / (n - n2)
        v2, v1 = (q2 - n2 * m2 * m2) / (n2 - 1) / n2, (whole - q2 - n1 * m1 * m1) / (n1 - 1) / n1
        p.append(2 * stats.t.sf(abs(m2 - m1) / np.sqrt(v1 + v2), (v1 + v2) ** 2 / (v1**2 / (n1 - 1) + v2**2 / (n2 - 1))))
    return np.mean(np.array(p) < 0.05)


x = read("boot")
a, b = read("welch_a"), read("welch_b")
ra, rb = read("rank_a"), read("rank_b")
pa, pb = read("perm_a"), read("perm_b")
out = {
    "bootstrap-bca-mean": median(lambda: bootstrap(np.mean), 3),
    "bootstrap-bca-median": median(lambda: bootstrap(np.median), 1),
    "welch-2x10M": median(lambda: stats.ttest_ind(a, b, equal_var=False), 7),
    "mann-whitney-2x1M": median(lambda: stats.mannwhitneyu(ra, rb), 3),
    "permutation-2x10k": median(lambda: stats.permutation_test((pa, pb), lambda u, v, axis: u.mean(axis) - v.mean(axis), n_resamples=9999, vectorized=True, batch=100, random_state=1), 1),
    "relabel-1000x1M": median(lambda: relabel(ra, 1000), 1),
}
del a, b
ox, oy = design("ols", 1_000_000)
out["ols-hc1-1M-x20"] = median(lambda: sm.OLS(oy, ox).fit(cov_type="HC1"), 3)
del ox, oy
lx, ly = design("logit", 200_000)
out["logit-200k-x20"] = median(lambda: sm.GLM(ly, lx, family=sm.families.Binomial()).fit(), 3)
print(json.dumps(out))
