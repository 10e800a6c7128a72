"""Reference values of the prediction of broken rules: the beta-binomial tail summed with 40 digits (mpmath), against scipy's betabinom and, for rules with one cut,
against the hypergeometric tail of Fisher's exact test.

Run: /usr/bin/python3 exceedance.py   (writes exceedance.json beside itself)
"""
import datetime
import json
import pathlib
import platform

import mpmath
import scipy
import scipy.stats as st

mpmath.mp.dps = 40


def tails(m, a, b, ks):
    """P(K >= k) for each k, by the recurrence of the mass from K = 0."""
    mass = mpmath.beta(a, b + m) / mpmath.beta(a, b)
    upper, below, out = mpmath.mpf(1), mpmath.mpf(0), {}
    for j in range(max(ks) + 1):
        if j in ks:
            out[j] = below
        below += mass
        mass *= mpmath.mpf(m - j) / (j + 1) * (a + j) / (b + m - j - 1) if j < m else 0
    # What is left above the largest k, added up from there, so that small tails keep their digits.
    result = {}
    for k in ks:
        term = mpmath.exp(mpmath.loggamma(m + 1) - mpmath.loggamma(k + 1) - mpmath.loggamma(m - k + 1) + mpmath.log(mpmath.beta(k + a, m - k + b)) - mpmath.log(mpmath.beta(a, b)))
        total, j = mpmath.mpf(0), k
        while j <= m and term > mpmath.mpf(10) ** -45 * total:
            total += term
            term *= mpmath.mpf(m - j) / (j + 1) * (a + j) / (b + m - j - 1) if j < m else 0
            j += 1
        result[k] = total
        assert abs(total + out[k] - 1) < mpmath.mpf(10) ** -30
    return result


cases = []
for n, x, cuts, m in [(100, 0, 1, 100), (100, 0, 2, 100), (3500, 0, 2, 3543), (891, 177, 1, 500), (10000, 3, 1, 100), (50, 40, 1, 20), (1000, 0, 1, 5000), (20000, 400, 1, 10000)]:
    mean = m * (x + cuts) / (n + 1)
    for k in sorted({1, 2, 5, 12, max(1, int(mean)), int(mean * 1.05) + 1, int(mean * 1.3) + 3}):
        if 0 < k <= m:
            tail = float(tails(m, x + cuts, n - x - cuts + 1, {k})[k])
            loose = float(st.betabinom.sf(k - 1, m, x + cuts, n - x - cuts + 1))
            assert abs(loose - tail) < 1e-2 * tail + 1e-9, (loose, tail)  # scipy 1.10 loses digits in far tails
            case = {"learned": n, "broken": x, "cuts": cuts, "rows": m, "k": k, "tail": tail}
            if cuts == 1 and x + 1 <= n and tail > 1e-250:
                # Rank of the (x+1)-th smallest among n + m: at least k + x of the smaller ones lie in the new sample's favour.
                case["hypergeometric"] = float(st.hypergeom.cdf(x, n + m, n, x + k))
            if tail > 1e-250:
                cases.append(case)

pathlib.Path(__file__).with_name("exceedance.json").write_text(json.dumps(
    {"source": f"mpmath {mpmath.__version__}; scipy {scipy.__version__} betabinom, hypergeom; Python {platform.python_version()}", "date": str(datetime.date.today()), "tolerance": "1e-9 relative", "cases": cases}, indent=1) + "\n")
for c in cases:
    if "hypergeometric" in c:
        assert abs(c["hypergeometric"] - c["tail"]) <= 1e-7 * c["tail"] + 1e-300, c
