"""Independent answers for the cases of the area sql: pandas and plain loops over the exported files; no SQL engine."""

import json
import shlex

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

TOLERANCE = 1e-9


def query_numbers(folder, command):
    words = shlex.split(command)[2:]
    o, files = {}, []
    i = 0
    while i < len(words):
        if words[i] == "--review":
            o["review"] = True
        elif words[i].startswith("--"):
            i += 1
            o[words[i - 1][2:]] = words[i]
        else:
            files.append(words[i])
        i += 1
    frames = [pd.read_csv(folder / f, dtype=str, keep_default_na=False) for f in files]
    known = {"anti-join": anti_join, "overlaps": overlaps, "top-n": second_highest, "streak": streak, "within": within, "retention": retention, "funnel": funnel, "rolling": rolling, "lookup": lookup, "sessions": sessions, "next-event": next_event, "rolling-retention": rolling_retention}
    return known[o["recipe"]](frames, o) if "recipe" in o else expand(frames, o) if "expand" in o else derive(frames, o) if "derive" in o else review(frames, o)


def number(of, field, expected, how, metric=None, role=None):
    item = {"of": of, "field": field, "expected": float(expected), "tolerance": TOLERANCE, "how": how}
    if metric:
        item["metric"] = metric
    if role:
        item["role"] = role
    return item


def moved(check, usual, right, how):
    """Entities that one form has and the other does not; nothing where both are empty."""
    return [number(check, "statistic", len(usual ^ right), how)] if usual or right else []


def share(name, metric, count, n, role="primary"):
    low, high = proportion_confint(count, n, method="wilson")
    how = "pandas count, statsmodels proportion_confint(wilson)"
    return [number(name, f, v, how, metric, role) for f, v in (("value", count / n), ("low", low), ("high", high), ("n", n))]


def repeats(frame, column):
    values = frame[column][frame[column] != ""]
    return [number("duplicate-records", "statistic", (len(values) - values.nunique()) / len(values), f"pandas nunique of {column}")]


def anti_join(frames, o):
    t = frames[0]
    named = t[t[o["unit"]] != ""]
    who = {c: set(named[named[o["event"]] == c][o["unit"]]) for c in named[o["event"]].unique()}
    has = set.intersection(*(who.get(c, set()) for c in o["has"].split(",")))
    never = set.union(*(who.get(c, set()) for c in o["never"].split(",")))
    nobody = ((t[o["unit"]] == "") & t[o["event"]].isin(o["never"].split(","))).any()
    out = moved("query-scope-mismatch", has, has - never, "sets of Python")
    return out + moved("null-semantics", set() if nobody else has - never, has - never, "sets of Python; NOT IN is empty with a NULL in its list") + repeats(t, o["id"])


def overlaps(frames, o):
    t = frames[0]
    reversed_ = ((t.ended != "") & (t.ended < t.started)).sum()
    both = (t.ended != "").sum()
    t = t.drop_duplicates("session_id")
    t = t.assign(s=pd.to_datetime(t.started), e=pd.to_datetime(t.ended.where(t.ended != "", "2200-01-01")), n=t.session_id.astype(int))
    t = t[t.e > t.s].sort_values(["user_id", "s", "n"])
    right, usual = set(), set()
    for user, rows in t.groupby("user_id"):
        spans = list(zip(rows.s, rows.e, rows.ended != ""))
        inside = sum(any(a[1] > b[0] for a in spans[:k]) for k, b in enumerate(spans))
        beside = sum(a[2] and a[1] > b[0] or not a[2] for a, b in zip(spans, spans[1:]))
        right |= {(user, inside)} if inside else set()
        usual |= {(user, beside)} if beside else set()
    return moved("query-scope-mismatch", usual, right, "all pairs against neighbours, a loop in Python") + [number("event-order-violation", "statistic", reversed_ / both, "pandas comparison")]


def second_highest(frames, o):
    n = int(o.get("count", 2))
    right, by_row, nulls_first = set(), set(), set()
    for group, rows in frames[0].groupby("department"):
        pay = sorted((int(x) for x in rows.salary if x), reverse=True)
        distinct = sorted(set(pay), reverse=True)
        right |= {(group, v) for v in distinct[n - 1:n]}
        by_row |= {(group, v) for v in pay[n - 1:n]}
        places = ([None] if (rows.salary == "").any() else []) + distinct
        nulls_first |= {(group, v) for v in places[n - 1:n] if v is not None}
    return moved("order-dependent-result", by_row, right, "sorted lists of Python") + moved("null-semantics", nulls_first, right, "sorted lists of Python")


def local(times, zone):
    times = pd.to_datetime(times)
    return times.dt.tz_localize("UTC").dt.tz_convert(zone) if zone else times


def boundary(times, zone):
    stored, there = pd.to_datetime(times), local(times, zone)
    return [number("timezone-mismatch", "statistic", (stored.dt.date != there.dt.date).mean(), f"pandas tz_convert to {zone}")]


def longest(periods):
    """Length and start of the earliest longest run."""
    left, best = set(periods), (0, 0)
    for p in sorted(left):
        if p - 1 not in left:
            length = 1
            while p + length in left:
                length += 1
            best = max(best, (length, -p))
    return best[0], -best[1]


def streak(frames, o):
    t = frames[0]
    at = local(t.ordered_at, o.get("zone"))
    t = t.assign(month=at.dt.year * 12 + at.dt.month, alone=at.dt.month)
    least = int(o["count"])
    runs = {u: longest(g.month)[0] for u, g in t.groupby("user_id")}
    alone = {u: longest(g.alone)[0] for u, g in t.groupby("user_id")}
    right = {(u, n) for u, n in runs.items() if n >= least}
    usual = {(u, n) for u, n in alone.items() if n >= least}
    return moved("window-frame-mismatch", usual, right, "runs of month numbers, a loop in Python") + boundary(t.ordered_at, o["zone"])


def within(frames, o):
    t = frames[0]
    out = repeats(t, "order_id")
    n, days = int(o["count"]), pd.Timedelta(days=int(o["days"]))
    month = t.assign(month=t.bought_at.str[:7]).groupby(["user_id", "month"]).size()
    usual = {u for (u, _), k in month.items() if k >= n}
    right = set()
    for user, rows in t.drop_duplicates("order_id").groupby("user_id"):
        at = sorted(pd.to_datetime(rows.bought_at))
        if any(b - a <= days for a, b in zip(at, at[n - 1:])):
            right.add(user)
    return out + moved("window-frame-mismatch", usual, right, "a sliding window in Python")


def retention(frames, o):
    t = frames[0]
    n = int(o["days"])
    at = local(t["at"], o.get("zone"))
    t = t.assign(day=(pd.to_datetime(at.dt.date) - pd.Timestamp("1970-01-01")).dt.days)
    last = t.day.max()
    start = t[t.type == "signup"].groupby("user_id").day.min()
    cohort = start - (start + 3) % 7
    young = start.groupby(cohort).transform("max") + n > last
    visits = set(zip(t[t.type == "visit"].user_id, t[t.type == "visit"].day))
    back = pd.Series({u: (u, d + n) in visits for u, d in start.items()})
    out = share("retention", f"on day {n}", int(back[~young].sum()), int((~young).sum()))
    return out + [number("incomplete-follow-up", "statistic", young.mean(), "pandas by cohort")] + boundary(t["at"], o["zone"])


def funnel(frames, o):
    t = frames[0].assign(t=pd.to_datetime(frames[0]["at"]))
    steps, window = o["steps"].split(","), pd.Timedelta(days=int(o["days"]))
    last = t.t.max()
    reached = [0] * len(steps)
    matured, begun = [0] * len(steps), 0
    for _, rows in t[t.step.isin(steps)].sort_values("t").groupby("user_id"):
        events = list(zip(rows.t, rows.step))
        first = at = None
        for k, step in enumerate(steps):
            times = [x for x, s in events if s == step and (at is None or (x >= at and x <= first + window))]
            if not times:
                break
            at = min(times)
            first = first or at
            reached[k] += 1
            matured[k] += first + window <= last
    out = share("conversion", f"{steps[0]} to {steps[-1]}", matured[-1], matured[0])
    for k in range(1, len(steps)):
        out += share("conversion", f"{steps[k - 1]} to {steps[k]}", matured[k], matured[k - 1], "secondary")
    return out + [number("incomplete-follow-up", "statistic", 1 - matured[0] / reached[0], "a loop in Python")]


def rolling(frames, o):
    t = frames[0]
    n = int(o["days"])
    at = local(t["at"], o.get("zone"))
    t = t.assign(day=(pd.to_datetime(at.dt.date) - pd.Timestamp("1970-01-01")).dt.days, cents=(t.revenue.astype(float) * 100).round().astype(int))
    right, usual = set(), set()
    for user, rows in t.groupby("user_id"):
        daily = rows.groupby("day").cents.sum().sort_index()
        days = list(daily.index)
        for k, day in enumerate(days):
            right.add((user, day, sum(daily[d] for d in days[max(0, k - n + 1):k + 1] if d > day - n)))
            usual.add((user, day, sum(daily[d] for d in days[max(0, k - n + 1):k + 1])))
    both = len(usual - right) + len(right - usual)
    return [number("window-frame-mismatch", "statistic", both, "sums of cents in Python"), *boundary(t["at"], o["zone"]), *repeats(t, "event_id")]


def normal(key):
    key = key.strip().lower()
    while key.startswith("0") and len(key) > 1 and key[1].isdigit():
        key = key[1:]
    return key[:-2] if key.endswith(".0") else key


def lookup(frames, o):
    events, small = frames
    key = o["key"]
    keys = small[key].map(normal).value_counts()
    after = events[key].map(lambda k: max(1, keys.get(normal(k), 0))).sum()
    lost = (~events[key].isin(set(small[key]))).mean()
    return [number("join-fanout", "statistic", after / len(events), "pandas value_counts"), number("unmatched-keys", "statistic", lost, "pandas isin")]


def review(frames, o):
    if "total_value" not in o["query"]:
        return [number("null-semantics", "statistic", (frames[1].order_id == "").sum(), "pandas count of empty keys")]
    orders, items, payments = frames
    i, p = items.order_id.value_counts(), payments.order_id.value_counts()
    times = orders.order_id.map(lambda k: max(1, i.get(k, 0)) * max(1, p.get(k, 0)))
    return [number("join-fanout", "statistic", times.sum() / len(orders), "pandas value_counts")] if times.sum() > len(orders) else []


def expand(frames, o):
    """Cells of JSON by Python's own reader: how many are broken, how many are explicitly null."""
    cells = frames[0][o["expand"]]
    broken, nulls = 0, 0

    def count(value):
        return sum(1 if v is None else count(v) if isinstance(v, dict) else 0 for v in value.values())

    for cell in cells:
        try:
            nulls += count(json.loads(cell))
        except json.JSONDecodeError:
            broken += 1
    out = [number("parsing-loss", "statistic", broken / len(cells), "Python's json.loads on every cell")] if broken else []
    return out + [number("null-semantics", "statistic", nulls, "None among the values of json.loads")]


def derive(frames, o):
    """Bands of orders by numpy.select, first match, last match and without the test for a missing amount; the change since the row before, of the customer and in the file."""
    t = frames[0].assign(amount=pd.to_numeric(frames[0]["amount"]), order_id=pd.to_numeric(frames[0]["order_id"]))
    if t["amount"].notna().all():
        return []
    a, names = t["amount"], ["unknown", "refund", "large", "medium"]
    tests = [a.isna(), a <= 0, a >= 100, a >= 20]
    first, last, untested = np.select(tests, names, "small"), np.select(tests[::-1], names[::-1], "small"), np.select(tests[1:], names[1:], "small")
    change = a - t.sort_values(["customer_id", "day", "order_id"]).groupby("customer_id")["amount"].shift()
    above = a - a.shift()
    moved = int(((change != above) & ~(change.isna() & above.isna())).sum())
    return [
        number("order-dependent-result", "statistic", 2 * int((first != last).sum()), "numpy.select, the conditions in their order and in reverse: cells that one has and the other has not"),
        number("null-semantics", "statistic", 2 * int((first != untested).sum()), "numpy.select without the test for a missing amount"),
        number("window-frame-mismatch", "statistic", 2 * moved, "pandas shift by customer and over the file"),
    ]


def sessions(frames, o):
    """Repeats of the id. What the answer says is tested against a loop elsewhere."""
    return repeats(frames[0], o["id"])


def next_event(frames, o):
    t, n = frames[0], int(o["days"])
    day = (pd.to_datetime(t[o["time"]]) - pd.Timestamp("1970-01-01")).dt.days
    rows = sorted(set(zip(t[o["unit"]], t[o["event"]], day)))
    last = day.max()
    yes = mature = 0
    for (u, e, d), after in zip(rows, rows[1:] + [(None, None, None)]):
        if d + n <= last:
            mature += 1
            yes += after[:2] == (u, e) and after[2] - d <= n
    return share("returns", f"within {n} days", yes, mature) + [number("incomplete-follow-up", "statistic", 1 - mature / len(rows), "pandas days and a loop in Python")]


def rolling_retention(frames, o):
    t, n = frames[0], min(7, int(o["days"]))
    at = local(pd.to_datetime(t[o["time"]]), o.get("zone"))
    t = t.assign(day=(pd.to_datetime(at.dt.date) - pd.Timestamp("1970-01-01")).dt.days)
    last = t.day.max()
    start = t.groupby(o["unit"]).day.min()
    cohort = start - (start + 3) % 7
    youngest = start.groupby(cohort).transform("max")
    open_ = youngest + n + 6 > last
    days = t.groupby(o["unit"]).day.agg(set)
    back = pd.Series({u: any(d + n + k in days[u] for k in range(7)) for u, d in start.items()})
    out = share("retention", f"within seven days of day {n}", int(back[~open_].sum()), int((~open_).sum()))
    return out + [number("incomplete-follow-up", "statistic", open_.mean(), "pandas by cohort")] + (boundary(pd.to_datetime(t[o["time"]]), o["zone"]) if "zone" in o else []) + (repeats(t, o["id"]) if "id" in o else [])
