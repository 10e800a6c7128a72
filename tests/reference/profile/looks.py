"""Reference values of the looks at text and units: edit distances by a recursion written from the definition, text repairs by Python's codecs and html.unescape,
the ratio of medians after Price and Bonett 2002 with scipy.

Run: /usr/bin/python3 looks.py   (writes looks.json beside itself)
"""
import datetime
import functools
import html
import json
import math
import pathlib
import platform
import random

import numpy as np
import scipy
import scipy.stats as st

rng = random.Random(5)


def distance(a, b):
    """Optimal string alignment, from its definition."""
    @functools.lru_cache(None)
    def d(i, j):
        if i == 0 or j == 0:
            return i + j
        best = min(d(i - 1, j) + 1, d(i, j - 1) + 1, d(i - 1, j - 1) + (a[i - 1] != b[j - 1]))
        if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
            best = min(best, d(i - 2, j - 2) + 1)
        return best
    return d(len(a), len(b))


words = ["california", "calif", "californa", "claifornia", "kalifornien", "jun", "jul", "iran", "iraq", "", "a", "ab", "ba", "abc", "ca", "straße", "strasse"]
for _ in range(60):
    words.append("".join(rng.choice("abcd") for _ in range(rng.randrange(0, 9))))
distances = []
for _ in range(400):
    a, b = rng.choice(words), rng.choice(words)
    distances.append({"a": a, "b": b, "d": distance(a, b)})

names = ["München", "São Paulo", "Łódź", "Ærøskøbing", "naïve café", "€ 5", "“quoted”", "Zürich – Genève", "Ñandú", "日本", "Ελλάδα", "Привет"]
texts = []
for name in names:
    raw = name.encode("utf-8")
    # Latin-1's controls stand where Windows-1252 has holes, as browsers decode it.
    def web(b):
        return "".join(bytes([x]).decode("cp1252") if x not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(x) for x in b)
    once = web(raw)
    texts.append({"text": once, "meant": name, "times": 1})
    texts.append({"text": web(once.encode("utf-8")), "meant": name, "times": 2})
entities = ["Tom &amp; Jerry", "caf&eacute;", "it&#39;s", "&#x20AC; 5", "a &lt; b", "R&D", "AT&T; x", "fish &chips"]
unescaped = [{"text": t, "meant": html.unescape(t)} for t in entities]

generator = np.random.default_rng(3)
medians = []
for n, m, ratio in [(25, 40, 1.0), (200, 101, 100), (1000, 777, 2.2), (11, 10, 5)]:
    x = np.sort(np.exp(generator.normal(0, 0.7, n)) * ratio)
    y = np.sort(np.exp(generator.normal(0, 0.4, m)))

    def part(v):
        k = len(v)
        c = int(max(1, math.floor((k + 1) / 2 - math.sqrt(k) + 0.5)))
        z = st.norm.ppf(1 - st.binom.cdf(c - 1, k, 0.5))
        return math.log(np.median(v)), ((math.log(v[k - c]) - math.log(v[c - 1])) / (2 * z)) ** 2
    (a, va), (b, vb) = part(x), part(y)
    half = st.norm.ppf(0.995) * math.sqrt(va + vb)
    medians.append({"x": x.tolist(), "y": y.tolist(), "ratio": math.exp(a - b), "low": math.exp(a - b - half), "high": math.exp(a - b + half)})

pathlib.Path(__file__).with_name("looks.json").write_text(json.dumps(
    {"source": f"Python {platform.python_version()} codecs, html; scipy {scipy.__version__}", "date": str(datetime.date.today()),
     "tolerance": "distances and texts exact; ratio of medians 1e-10 relative", "distances": distances, "mojibake": texts, "entities": unescaped, "medians": medians}, ensure_ascii=True) + "\n")
