#!/usr/bin/env python3
"""A file larger than memory under a hard limit: python3 bench/beyond_memory.py DIR [--gigabytes 20] [--limit-mib 2048] [--keys 1000000].

Makes a CSV of that size in DIR (kept for the next run; delete it yourself), then groups it by key in a memory control group of the stated limit (root, Linux; page cache counts, too), or, where
none can be made, under `ulimit -d`. Says the seconds and the peak. Run ./gnomon --version first."""
import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time

import sql_rows

HERE = os.path.dirname(os.path.abspath(__file__))
GNOMON = os.path.join(os.path.dirname(HERE), "gnomon")
BYTES_PER_ROW = 45.5
GROUPS = ["/sys/fs/cgroup/memory", "/sys/fs/cgroup"]


def make(path, gigabytes, keys):
    if os.path.exists(path):
        return
    rows = int(gigabytes * 1e9 / BYTES_PER_ROW)
    print(f"making {path}: {rows:,} rows", flush=True)
    cells = f"i AS id, 'c' || lpad(CAST(hash(i) % {keys} AS VARCHAR), 7, '0') AS customer_id, CAST(hash(i + 1) % 100000 AS BIGINT) / 100.0 AS amount, TIMESTAMP '2025-01-01' + to_seconds(CAST(hash(i + 2) % 31536000 AS BIGINT)) AS event_time"
    subprocess.run(["/usr/bin/python3", sql_rows.BARE, sql_rows.LIBRARY, os.path.dirname(path), "copy", f"SELECT {cells} FROM range({rows}) AS t(i)", os.path.basename(path), "FORMAT csv, HEADER true"], check=True)


def group(limit):
    """A control group with this limit: its folder, the file of its peak, or None."""
    for root in GROUPS:
        old = os.path.exists(f"{root}/memory.limit_in_bytes")
        if not old and not os.path.exists(f"{root}/cgroup.subtree_control"):
            continue
        folder = f"{root}/gnomon-{os.getpid()}"
        try:
            os.mkdir(folder)
            with open(f"{folder}/{'memory.limit_in_bytes' if old else 'memory.max'}", "w") as f:
                f.write(str(limit))
            return folder, f"{folder}/{'memory.max_usage_in_bytes' if old else 'memory.peak'}"
        except OSError as e:
            print(f"no control group in {root}: {e}", file=sys.stderr)
            if os.path.isdir(folder):
                os.rmdir(folder)
    return None


def main():
    p = argparse.ArgumentParser()
    p.add_argument("dir")
    p.add_argument("--gigabytes", type=float, default=20)
    p.add_argument("--limit-mib", type=int, default=2048)
    p.add_argument("--keys", type=int, default=1_000_000)
    args = p.parse_args()
    path = os.path.join(os.path.abspath(args.dir), f"beyond_{args.gigabytes:g}.csv")
    make(path, args.gigabytes, args.keys)
    limit = args.limit_mib << 20
    made = group(limit)

    def enter():
        if made:
            with open(f"{made[0]}/cgroup.procs", "w") as f:
                f.write(str(os.getpid()))
        else:
            resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))

    query = "SELECT customer_id, COUNT(*) AS n, SUM(amount) AS total, MAX(event_time) AS latest FROM data GROUP BY customer_id ORDER BY total DESC, customer_id"
    with tempfile.TemporaryDirectory(dir=args.dir) as spill:
        start = time.perf_counter()
        child = subprocess.Popen([GNOMON, "sql", path, "--query", query, "--rows", "5", "--spill", spill, "--no-ledger"], preexec_fn=enter)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    peak = f", peak of the control group {int(open(made[1]).read()) / 2**20:,.0f} MiB, page cache included" if made else ""
    if made:
        os.rmdir(made[0])
    print(f"{os.path.getsize(path) / 1e9:.1f} GB in {seconds:.0f} s, exit {code}; resident peak {usage.ru_maxrss / 1024:,.0f} MiB{peak}; limit {args.limit_mib:,} MiB by {'control group' if made else 'ulimit -d'}")
    sys.exit(code)


if __name__ == "__main__":
    main()
