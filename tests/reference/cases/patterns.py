"""The search for patterns by another road: the published generator cuts the rows in two, scipy and numpy test what was planted on the half that confirms."""

import numpy as np
import pandas as pd
from scipy.stats import norm, rankdata

MASK = (1 << 64) - 1


def split_mix(state):
    state = (state + 0x9E3779B97F4A7C15) & MASK
    z = state
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return state, z ^ (z >> 31)


def stream(seed, name, index=0):
    """The seed of a named stream."""
    _, key = split_mix(seed ^ 0x6A09E667F3BCC909)
    for letter in name:
        _, key = split_mix(key ^ ord(letter))
    _, key = split_mix(key ^ (len(name) << 32))
    _, key = split_mix(key ^ index)
    return key


def generator(seed):
    """xoshiro256**, Blackman and Vigna 2021."""
    s = []
    for _ in range(4):
        seed, value = split_mix(seed)
        s.append(value)
    rotate = lambda x, k: ((x << k) | (x >> (64 - k))) & MASK
    while True:
        yield (rotate((s[1] * 5) & MASK, 7) * 9) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotate(s[3], 45)


def below(draws, most):
    """Lemire 2019 on the upper 32 bits."""
    product = (next(draws) >> 32) * most
    low = product & 0xFFFFFFFF
    if low < most:
        reject = ((1 << 32) - most) % most
        while low < reject:
            product = (next(draws) >> 32) * most
            low = product & 0xFFFFFFFF
    return product >> 32


def halves(rows, seed):
    order, draws = list(range(rows)), generator(stream(seed, "explore-half"))
    for i in range(rows - 1, 0, -1):
        j = below(draws, i + 1)
        order[i], order[j] = order[j], order[i]
    first = np.zeros(rows, bool)
    first[order[: rows // 2]] = True
    return first


def pattern_numbers(folder, o):
    frame = pd.read_csv(folder / o["data"])
    first = halves(len(frame), int(o.get("seed", 1)))
    second = frame[~first]
    how = "published generator cuts the rows, pandas and numpy on the half that confirms"
    out = []

    def add(of, field, expected, metric=None, tolerance=1e-9):
        item = {"of": of, "field": field, "expected": float(expected), "tolerance": tolerance, "how": how}
        out.append({**item, "metric": metric} if metric else item)

    rare = second["segment"] == "schools"
    high, low = second[second["discount"] == "no"], second[second["discount"] == "yes"]
    pooled = high["spend"].mean() - low["spend"].mean()
    share = second["plan"].value_counts(normalize=True)
    within = (share * (high.groupby("plan")["spend"].mean() - low.groupby("plan")["spend"].mean())).sum()
    if pooled * within > 0:
        return []  # nothing was planted
    add("difference", "value", second["usage"][rare].mean() - second["usage"][~rare].mean(), "usage")
    load = frame["load_ms"]
    ranks = rankdata(load[first])
    scores = norm.ppf((ranks - 0.375) / (len(ranks) + 0.25))
    walk = np.abs(np.cumsum(scores - scores.mean())[9:-10])
    row = np.flatnonzero(first)[np.argmax(walk) + 10]
    place = np.flatnonzero(~first)
    add("difference", "value", load[place[place >= row]].mean() - load[place[place < row]].mean(), "load_ms")
    if len(frame) < 10_000:
        return out  # at the small size the surest reversal is the same one seen from the other side
    add("difference within groups", "value", within, "spend")
    add("simpsons-paradox", "statistic", pooled - within)
    shares = lambda part: part["plan"].value_counts(normalize=True)
    means = lambda part: part.groupby("plan")["spend"].mean()
    mix = ((shares(high) - shares(low)) * (means(high) + means(low)) / 2).sum()
    add("mix-shift", "statistic", mix / pooled)
    return out
