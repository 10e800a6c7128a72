"""String similarities written down from their definitions, an own second implementation. Run: python3 make.py."""
import datetime, json, pathlib, random, sys

here = pathlib.Path(__file__).parent
random.seed(20261123)


def jaro(a, b):
    if not a or not b:
        return float(a == b)
    w = max(0, max(len(a), len(b)) // 2 - 1)
    taken = [False] * len(b)
    common = []
    for i, c in enumerate(a):
        for j in range(max(0, i - w), min(len(b), i + w + 1)):
            if not taken[j] and b[j] == c:
                taken[j] = True
                common.append(c)
                break
    if not common:
        return 0.0
    other = [b[j] for j in range(len(b)) if taken[j]]
    t = sum(x != y for x, y in zip(common, other)) // 2
    m = len(common)
    return (m / len(a) + m / len(b) + (m - t) / m) / 3


def winkler(a, b):
    s = jaro(a, b)
    l = 0
    while l < min(4, len(a), len(b)) and a[l] == b[l]:
        l += 1
    return s + .1 * l * (1 - s)


def osa(a, b):
    d = [[max(i, j) if 0 in (i, j) else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            d[i][j] = min(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                d[i][j] = min(d[i][j], d[i - 2][j - 2] + 1)
    return d[-1][-1]


words = ["martha", "marhta", "dixon", "dicksonx", "dwayne", "duane", "anderson", "andersen", "smith", "smyth", "katharine", "catherine", "o neill", "oneil", "19990219", "19990291", "4011", "a", ""]


def spoil(w):
    w = list(w)
    for _ in range(random.randint(0, 3)):
        k = random.randint(0, 3)
        i = random.randint(0, max(0, len(w) - 1))
        if k == 0: w.insert(i, random.choice("abcdefg19"))
        elif k == 1 and w: w.pop(i)
        elif k == 2 and len(w) > i + 1: w[i], w[i + 1] = w[i + 1], w[i]
        elif w: w[i] = random.choice("aeiou0")
    return "".join(w)


pairs = [(a, spoil(b)) for a in words for b in (a, a, random.choice(words))]
out = [dict(a=a, b=b, winkler=winkler(a, b), distance=osa(a, b)) for a, b in pairs]
(here / "similarity.json").write_text(json.dumps(dict(pairs=out, tool=f"Python {sys.version.split()[0]}", made=datetime.date.today().isoformat(), script="make.py"), indent=1) + "\n")
