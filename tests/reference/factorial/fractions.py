"""Regular two-level fractions: every choice of generators is run as a table of +1 and -1, the words that are constant over its runs are counted, and the
choice with the fewest short ones is kept (minimum aberration). /usr/bin/python3 tests/reference/factorial/fractions.py > tests/reference/factorial/fractions.json"""
import itertools
import json
import sys

import numpy as np


def best(k, p):
    basic = k - p
    base = np.array(list(itertools.product([-1, 1], repeat=basic)))
    words = [c for r in range(2, basic + 1) for c in itertools.combinations(range(basic), r)]
    found = None
    for chosen in itertools.combinations(words, p):
        x = np.column_stack([base] + [base[:, list(w)].prod(axis=1) for w in chosen])
        pattern = [0] * (k + 1)
        for r in range(1, k + 1):
            for c in itertools.combinations(range(k), r):
                v = x[:, list(c)].prod(axis=1)
                pattern[r] += int(abs(v.sum()) == len(v))
        if found is None or pattern < found:
            found = pattern
    return found


out = []
for k in range(3, 8):
    for p in range(1, k - 1):
        pattern = best(k, p)
        if pattern is None:
            continue
        out.append({"factors": k, "halvings": p, "pattern": pattern, "resolution": next(i for i, n in enumerate(pattern) if n)})
json.dump({"tool": f"numpy {np.__version__}, Python {sys.version.split()[0]}", "date": "2026-11-22", "fractions": out}, sys.stdout, indent=1)
