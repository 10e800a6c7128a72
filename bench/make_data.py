#!/usr/bin/env python3
"""Makes the benchmark inputs in a folder: python3 bench/make_data.py DIR [--rows 10000000] [--events 20000000]. Seeded; needs numpy only. --sql 50 adds the workloads of `gnomon sql`."""
import argparse, os
import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("dir")
parser.add_argument("--rows", type=int, default=10_000_000)
parser.add_argument("--events", type=int, default=20_000_000)
parser.add_argument("--sql", type=float, default=0, help="millions of rows of the largest table of the sql workloads; 50 for the full size (needs a build of src/Gnomon.Cli)")
args = parser.parse_args()
os.makedirs(args.dir, exist_ok=True)


def write(name, header, total, block):
    path = os.path.join(args.dir, name)
    if os.path.exists(path):
        return
    with open(path + ".part", "wb") as out:
        out.write(header)
        for start in range(0, total, 500_000):
            out.write(block(start, min(500_000, total - start)))
    os.rename(path + ".part", path)


rng = np.random.default_rng(7)


def experiment(start, n):
    unit = np.arange(start, start + n) * 7 + 100_000_000
    arm = rng.integers(0, 2, n)
    revenue = np.round(rng.gamma(2.0, 20.0, n) + 0.02 * arm, 2)
    return "".join(f"{u},{'treatment' if a else 'control'},{r:.2f}\n" for u, a, r in zip(unit.tolist(), arm.tolist(), revenue.tolist())).encode()


CHANNELS = ["web", "store", "app", "phone", "partner"]


def events(start, n):
    order = np.arange(start, start + n) + 1
    customer = rng.integers(1, 1_000_001, n)
    cents = (rng.gamma(1.5, 2700.0, n)).astype(np.int64) + 1
    day = rng.integers(0, 365, n)
    second = rng.integers(0, 86_400, n)
    channel = rng.integers(0, 5, n)
    stamps = (np.datetime64("2025-01-01T00:00:00") + day.astype("timedelta64[D]") + second.astype("timedelta64[s]")).astype(str)
    return "".join(
        f"{o},{c},{m // 100}.{m % 100:02d},{t.replace('T', ' ')},{CHANNELS[k]}\n"
        for o, c, m, t, k in zip(order.tolist(), customer.tolist(), cents.tolist(), stamps.tolist(), channel.tolist())
    ).encode()


if args.sql:
    import sql_rows

    sql_rows.make(args.dir, args.sql)

write("experiment.csv", b"user_id,variant,revenue\n", args.rows, experiment)
write("small.csv", b"user_id,variant,revenue\n", 10_000, experiment)
write("events.csv", b"order_id,customer_id,amount,event_time,channel\n", args.events, events)
rng.lognormal(2.0, 1.0, 10_000).tofile(os.path.join(args.dir, "boot.f64"))
rng.normal(10.0, 3.0, 10_000_000).tofile(os.path.join(args.dir, "welch_a.f64"))
rng.normal(10.002, 3.0, 10_000_000).tofile(os.path.join(args.dir, "welch_b.f64"))


# Regression and rank kernels: a column after the other, so that both sides read the same bytes.
def columns(name, n, p, seed):
    g = np.random.default_rng(seed)
    x = g.normal(size=(p, n))
    x.tofile(os.path.join(args.dir, f"{name}_x.f64"))
    return g, x


if not os.path.exists(os.path.join(args.dir, "ols_y.f64")):
    g, x = columns("ols", 1_000_000, 20, 11)
    (1 + np.linspace(-1, 1, 20) @ x + g.normal(size=x.shape[1]) * (1 + np.abs(x[0]))).tofile(os.path.join(args.dir, "ols_y.f64"))
    g, x = columns("logit", 200_000, 20, 12)
    (g.random(x.shape[1]) < 1 / (1 + np.exp(0.5 - np.linspace(-0.5, 0.5, 20) @ x))).astype(float).tofile(os.path.join(args.dir, "logit_y.f64"))
    g = np.random.default_rng(13)
    np.floor(g.gamma(2, 50, 1_000_000)).tofile(os.path.join(args.dir, "rank_a.f64"))
    np.floor(g.gamma(2, 50.1, 1_000_000)).tofile(os.path.join(args.dir, "rank_b.f64"))
    g.normal(10, 3, 10_000).tofile(os.path.join(args.dir, "perm_a.f64"))
    g.normal(10.1, 3, 10_000).tofile(os.path.join(args.dir, "perm_b.f64"))

# Mixed models: 5,000 groups of 20 rows, intercept and slope that differ between groups and are correlated.
if not os.path.exists(os.path.join(args.dir, "mixed_y.f64")):
    g = np.random.default_rng(14)
    group = np.repeat(np.arange(5_000.0), 20)
    x = np.tile(np.arange(20.0), 5_000)
    own = g.multivariate_normal([0, 0], [[600, 10], [10, 35]], 5_000)
    (250 + 10 * x + own[group.astype(int), 0] + own[group.astype(int), 1] * x + g.normal(0, 25, x.size)).tofile(os.path.join(args.dir, "mixed_y.f64"))
    x.tofile(os.path.join(args.dir, "mixed_x.f64"))
    group.tofile(os.path.join(args.dir, "mixed_g.f64"))
