"""What pandas does instead: sql_pandas.py group|rolling|join|json|profile|csv, in the folder of the data.

group, rolling and join make arrays of the same shape in memory, which is quicker than any file that this pandas can read: the peer is timed at its best."""
import json
import sys

import numpy as np
import pandas as pd


def mixed(n, salt):
    x = np.arange(n, dtype=np.uint64) + np.uint64(salt * 0x9E3779B9)
    x ^= x >> np.uint64(30)
    x *= np.uint64(0xBF58476D1CE4E5B9)
    x ^= x >> np.uint64(27)
    return x


def transactions(n, keys):
    at = np.datetime64("2025-01-01", "ns") + (mixed(n, 3) % np.uint64(31_536_000)).astype("timedelta64[s]")
    return pd.DataFrame({"key": (mixed(n, 1) % np.uint64(keys)).astype(np.int64), "amount": (mixed(n, 2) % np.uint64(100_000)).astype(float) / 100, "at": at})


def rows_of(path):
    """As many as the file of Gnomon has."""
    return int(open("rows.txt").read()) if path == "tx" else int(open("rows.txt").read()) // 5


what = sys.argv[1]
if what == "group":
    n = rows_of("tx")
    t = transactions(n, max(1, n // 50))
    print(t.groupby("key").agg(total=("amount", "sum"), latest=("at", "max")).nlargest(100, "total").iloc[0].to_dict())
elif what == "rolling":
    n = rows_of("rolling")
    t = transactions(n, max(1, n // 100)).sort_values(["key", "at"])
    print(t.set_index("at").groupby("key")["amount"].rolling("30D").mean().mean())
elif what == "join":
    n = rows_of("tx")
    t = transactions(n, max(1, n // 50))
    c = pd.DataFrame({"key": np.arange(n // 10), "plan": np.array(["basic", "pro", "team", "free"])[mixed(n // 10, 9) % np.uint64(4)]})
    print(t.merge(c, on="key").groupby("plan")["amount"].agg(["count", "sum"]).to_dict())
elif what == "json":
    t = pd.read_csv("objects.csv")
    print(pd.json_normalize([json.loads(c) for c in t["payload"]]).shape)
elif what == "profile":
    t = pd.read_csv("wide50.csv")
    print(t.describe(include="all").shape, int(t.isna().sum().sum()), int(t.duplicated().sum()))
else:
    t = pd.read_csv("events.csv", parse_dates=["event_time"])
    print(t.groupby("customer_id").agg(total=("amount", "sum"), latest=("event_time", "max")).nlargest(100, "total").iloc[0].to_dict())
