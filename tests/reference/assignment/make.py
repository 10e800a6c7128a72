"""Places of units by hashlib, and the size of Welch's test on small samples under random relabelling by numpy. Run: python3 make.py"""
import hashlib, json, pathlib
import numpy as np
from scipy import stats

place = lambda salt, unit: int(hashlib.md5(f"{salt}:{unit}".encode()).hexdigest()[:8], 16) / 2**32
units = ["1", "2", "42", "user-7", "Zoë", "", "a b", "9007199254740993"]
out = {"source": "hashlib, numpy, scipy: make.py", "places": [{"salt": s, "unit": u, "place": place(s, u)} for s in ("checkout", "Größe 2") for u in units]}
rng = np.random.default_rng(51)
out["welch"] = []
for name, n, share, values in (("heavy", 31, .5, rng.lognormal(0, 1.5, 31)), ("uneven", 41, .25, rng.lognormal(0, 1.2, 41)), ("even", 60, .5, rng.normal(0, 1, 60))):
    values = np.round(values, 5); reps = 400_000; hit = 0
    for _ in range(20):
        z = rng.random((reps // 20, n)) < share
        n2 = z.sum(1); n1 = n - n2
        with np.errstate(all="ignore"):
            m2 = (z * values).sum(1) / n2; m1 = (~z * values).sum(1) / n1
            v2 = (z * (values - m2[:, None]) ** 2).sum(1) / (n2 - 1) / n2; v1 = (~z * (values - m1[:, None]) ** 2).sum(1) / (n1 - 1) / n1
            df = (v1 + v2) ** 2 / (v1 ** 2 / (n1 - 1) + v2 ** 2 / (n2 - 1))
            p = 2 * stats.t.sf(np.abs(m2 - m1) / np.sqrt(v1 + v2), df)
        hit += (np.where((n1 < 2) | (n2 < 2), 1., p) < .05).sum()
    out["welch"].append({"name": name, "share": share, "values": values.tolist(), "size": hit / reps})
(pathlib.Path(__file__).parent / "assignment.json").write_text(json.dumps(out, indent=1, default=float))
