"""BCa bootstrap of a mean and Welch's test in memory: seconds of the median of several runs, as JSON."""
import json, sys, time
import numpy as np
from scipy import stats

folder = sys.argv[1]


def median(f, runs):
    times = []
    for _ in range(runs):
        t = time.perf_counter()
        f()
        times.append(time.perf_counter() - t)
    return sorted(times)[len(times) // 2]


x = np.fromfile(f"{folder}/boot.f64")
a, b = np.fromfile(f"{folder}/welch_a.f64"), np.fromfile(f"{folder}/welch_b.f64")
print(json.dumps({
    "bootstrap-bca-mean": median(lambda: stats.bootstrap((x,), np.mean, n_resamples=9999, method="BCa", batch=100, vectorized=True, random_state=1, axis=-1), 3),
    "welch-2x10M": median(lambda: stats.ttest_ind(a, b, equal_var=False), 7),
}))
