"""Reference values for switchbacks: estimates, errors and every re-drawn design by plain loops over windows (numpy only). Run: /usr/bin/python3 switchback.py"""
import datetime
import itertools
import json

import numpy as np


def exposures(arms, cells, length, burn):
    out = []
    for s, b, pos, *_ in cells:
        period = b * length + pos
        start = period - burn
        blocks = sorted({p // length for p in range(start, period + 1)})
        if blocks[0] < 0 or any(arms[s][x] < 0 for x in blocks):
            out.append((None, 0))
            continue
        met = {arms[s][x] for x in blocks}
        out.append((met.pop() if len(met) == 1 else None, len(blocks)))
    return out


def estimate(arms, cells, length, burn, q):
    met = exposures(arms, cells, length, burn)
    rows = [(c[0], c[1], c[3], c[4], e, (q if e == 1 else 1 - q) ** -k) for c, (e, k) in zip(cells, met) if e is not None]
    means, var, blocks = {}, {}, {}
    lags = max(-(-(burn - pos) // length) if burn > pos else 0 for _, _, pos, *_ in cells)
    for a in (0, 1):
        mine = [r for r in rows if r[4] == a]
        size = sum(r[5] * r[3] for r in mine)
        means[a] = sum(r[5] * r[2] for r in mine) / size
        psi = {}
        for s, b, y, n, e, w in mine:
            psi[s, b] = psi.get((s, b), 0.0) + w * (y - n * means[a]) / size
        squares = sum(v * v for v in psi.values())
        shared = sum(2 * psi[s, b] * psi[s, b + lag] for s, b in psi for lag in range(1, lags + 1) if (s, b + lag) in psi)
        blocks[a] = len(psi)
        var[a] = (squares + max(0.0, shared)) * len(psi) / (len(psi) - 1)
    sizes = sum(c[4] for c, (e, k) in zip(cells, met) if k > 0)
    terms = {}
    for s, b, y, n, e, w in rows:
        terms[s, b] = terms.get((s, b), 0.0) + (w if e == 1 else -w) * y / sizes
    ht = sum(terms.values())
    ht_var = sum(v * v for v in terms.values()) + max(0.0, sum(2 * terms[s, b] * terms[s, b + lag] for s, b in terms for lag in range(1, lags + 1) if (s, b + lag) in terms))
    return means[1] - means[0], np.sqrt(var[0] + var[1]), blocks[0] + blocks[1] - 2, ht, np.sqrt(ht_var)


def squared_t(arms, cells, length, burn, q):
    try:
        d, e, *_ = estimate(arms, cells, length, burn, q)
    except ZeroDivisionError:
        return np.inf
    return (d / e) ** 2


def p_design(arms, cells, length, burn, q):
    n = len(arms[0])
    seen = squared_t(arms, cells, length, burn, q) * (1 - 1e-9)
    count, all_ = 0, 0
    for chosen in itertools.combinations(range(n), sum(arms[0])):
        count += squared_t([[1 if b in chosen else 0 for b in range(n)]], cells, length, burn, q) >= seen
        all_ += 1
    return count / all_, all_


def carry_over(arms, cells):
    """One period per block, no burn-in: the arm of the block before; even and odd focal blocks, the smaller p doubled."""
    best = []
    n = len(arms[0])
    for offset in (0, 1):
        focal = [c for c in cells if c[1] % 2 == offset and c[1] >= 1]
        residual = {}
        for a in (0, 1):
            of = [c for c in focal if arms[0][c[1]] == a]
            if of:
                mean = sum(c[3] for c in of) / sum(c[4] for c in of)
                residual.update({c[1]: c[3] - c[4] * mean for c in of})

        def difference(drawn):
            one = [c for c in focal if drawn[c[1] - 1] == 1]
            two = [c for c in focal if drawn[c[1] - 1] == 0]
            if not one or not two:
                return np.nan
            return sum(residual[c[1]] for c in one) / sum(c[4] for c in one) - sum(residual[c[1]] for c in two) / sum(c[4] for c in two)

        seen = difference(arms[0])
        slots = [b for b in range(n) if b % 2 == (offset - 1) % 2]
        k = sum(arms[0][b] for b in slots)
        count, all_ = 0, 0
        for chosen in itertools.combinations(slots, k):
            drawn = [(1 if b in chosen else 0) if b in slots else arms[0][b] for b in range(n)]
            d = difference(drawn)
            count += bool(np.isnan(d) or abs(d) >= abs(seen) * (1 - 1e-9))
            all_ += 1
        best.append((count / all_, seen, len(focal)))
    p, seen, _ = min(best)
    return min(1.0, 2 * p), seen


def main():
    rng = np.random.default_rng(11)
    sets = []
    for series, blocks, length, burn, q in ((3, 12, 2, 1, 0.5), (4, 20, 1, 0, 0.4), (6, 15, 1, 2, 0.5), (8, 10, 3, 4, 0.5)):
        arms = [[int(x) for x in rng.random(blocks) < q] for _ in range(series)]
        cells = []
        for s in range(series):
            for b in range(blocks):
                for pos in range(length):
                    n = int(rng.integers(1, 6))
                    cells.append([s, b, pos, round(float(n * (5 + arms[s][b] + rng.standard_normal())), 3), n])
        arms[0][3] = -1
        cells = [c for c in cells if not (c[0] == 0 and c[1] == 3)]
        d, e, df, ht, hte = estimate(arms, cells, length, burn, q)
        sets.append({"arms": arms, "cells": cells, "length": length, "burnIn": burn, "share": q, "difference": d, "error": e, "degrees": df, "horvitzThompson": ht, "horvitzThompsonError": hte})
    arms = [[1, 1, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0]]
    cells = [[0, b, 0, round(float(3 + 0.8 * arms[0][b] + (0.9 * arms[0][b - 1] if b else 0) + rng.standard_normal()), 3), 1] for b in range(12)]
    p, count = p_design(arms, cells, 1, 0, 0.5)
    carried, difference = carry_over(arms, cells)
    json.dump({"tool": f"numpy {np.__version__}", "made": str(datetime.date.today()), "script": "switchback.py", "sets": sets,
               "exact": {"arms": arms, "cells": cells, "p": p, "designs": count, "carryP": carried, "carryDifference": difference}}, open("switchback.json", "w"))


main()
