"""Objects in a JSON column, taken apart by Python's json module and pandas.json_normalize.

Run: /usr/bin/python3 tests/reference/sql/expand.py > tests/reference/sql/expand.json
Every value is written as the text that stands in the object, so that the comparison is exact: numbers are kept as their digits (parse_float=str),
lists as compact JSON. pandas flattens nested objects with dots, as the product does.
"""
import datetime
import json
import random

import pandas as pd

random.seed(20)
CITIES = ["Berlin", "Zürich", "São Paulo", "東京", 'say "hi"', "tab\tand\nline", "😀"]
cells, broken = [], 0
for i in range(1_500):
    d = {}
    for k, share in enumerate([1.0, 0.9, 0.5, 0.05]):
        if random.random() < share:
            d[f"n{k}"] = random.randint(-10**12, 10**12) if k % 2 else round(random.uniform(-100, 100), 3)
    if random.random() < 0.9:
        d["pin"] = f"{random.randint(0, 999_999):06d}"
    r = random.random()
    d["city"] = None if r < 0.03 else {"name": random.choice(CITIES), "zip": f"{random.randint(0, 99_999):05d}"} if r < 0.05 else random.choice(CITIES)
    if random.random() < 0.3:
        d["tags"] = [random.randint(0, 9), "a b", {"x": None}][: random.randint(0, 3)]
    if random.random() < 0.5:
        d["vip"] = random.random() < 0.5
    if random.random() < 0.02:
        d["mixed"] = random.choice([7, "seven", True])
    if random.random() < 0.02:
        d["huge"] = random.choice([12345678901234567890123, 5])
    if random.random() < 0.01:
        d["empty"] = {}
    text = json.dumps(d, ensure_ascii=random.random() < 0.5, separators=(",", ":"))
    if random.random() < 0.01:
        text, broken = text[: random.randint(1, len(text) - 1)], broken + 1
    elif random.random() < 0.01:
        text = ""
    cells.append(text)

kept = [(i, json.loads(c, parse_float=str, parse_int=str)) for i, c in enumerate(cells) if c and c.endswith("}") and c.count("{") == c.count("}")]


def shown(v):
    if isinstance(v, bool):
        return "true" if v else "false"
    if isinstance(v, (list, dict)):
        return None
    return v


flat = pd.json_normalize([k[1] for k in kept])
columns = {}
for name in flat.columns:
    values = {}
    for (row, d), v in zip(kept, flat[name].tolist()):
        if isinstance(v, list):
            values[row] = ["list", len(v)]
        elif v is not None and v == v:
            values[row] = shown(v) if not isinstance(v, dict) else "{}"
    columns[name] = {str(k): v for k, v in values.items()}

columns["empty"] = {str(i): "{}" for i, d in kept if d.get("empty") == {}}  # json_normalize forgets an object without keys


def nulls(d, prefix=""):
    for k, v in d.items():
        if v is None:
            yield prefix + k
        elif isinstance(v, dict):
            yield from nulls(v, prefix + k + ".")


null_keys = {str(i): ",".join(nulls(d)) for i, d in kept if list(nulls(d))}
print(json.dumps({
    "tool": f"pandas {pd.__version__} json_normalize", "date": datetime.date.today().isoformat(),
    "tolerance": "exact: every cell is compared as text",
    "cells": cells, "broken": len([c for c in cells if c]) - len(kept), "empty": cells.count(""), "columns": columns, "nullKeys": null_keys,
}, ensure_ascii=True, indent=0))
