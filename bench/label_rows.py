#!/usr/bin/env python3
"""Rows a second of `gnomon label`: python3 bench/label_rows.py DIR [--millions 20] [--runs 5] [--format parquet|csv].

Makes a table of metadata in DIR (kept for the next run; delete it yourself): seconds of vehicles in 40 scenarios, two columns that triggers ask, two of an embedding. Then times the whole command, start,
both passes and the choice of 800 rows included, on as many processors as --threads says. Run ./gnomon --version first."""
import argparse
import json
import os
import subprocess
import time

import sql_rows

HERE = os.path.dirname(os.path.abspath(__file__))
GNOMON = os.path.join(os.path.dirname(HERE), "gnomon")
SCENARIO = "'scene ' || CAST(floor(40 * pow((hash(i) % 100000) / 100000.0, 2)) AS INT)"
CELLS = f"""'v' || (i // 10000) AS vehicle, {SCENARIO} AS scenario, round(pow((hash(i + 1) % 100000) / 100000.0, 4), 5) AS disagreement, round(5 * pow((hash(i + 2) % 100000) / 100000.0, 2), 4) AS decel,
    round((hash(i // 8 + 3) % 10000) / 5000.0 - 1, 4) AS e1, round((hash(i // 8 + 4) % 10000) / 5000.0 - 1, 4) AS e2"""


def main():
    p = argparse.ArgumentParser()
    p.add_argument("dir")
    p.add_argument("--millions", type=float, default=20)
    p.add_argument("--runs", type=int, default=5)
    p.add_argument("--format", choices=["parquet", "csv"], default="parquet")
    p.add_argument("--threads", default="2")
    args = p.parse_args()
    rows, folder = int(args.millions * 1e6), os.path.abspath(args.dir)
    name = f"fleet_{args.millions:g}m.{args.format}"
    how = "FORMAT csv, HEADER true" if args.format == "csv" else "FORMAT parquet"
    subprocess.run(["/usr/bin/python3", sql_rows.BARE, sql_rows.LIBRARY, folder, "copy", f"SELECT {CELLS} FROM range({rows}) AS t(i)", name, how], check=True)
    base = [GNOMON, "label", name, "--scenario", "scenario", "--keep", "disagreement>0.3,decel>4", "--threads", args.threads, "--no-ledger", "--json"]
    for what, more in (("triggers, slice, queue", []), ("the same with near copies and coverage", ["--group", "vehicle", "--embedding", "e*"])):
        seconds = []
        for _ in range(args.runs + 1):
            start = time.perf_counter()
            answer = subprocess.run(base + more, cwd=folder, capture_output=True, text=True)
            if answer.returncode != 0:
                raise SystemExit(answer.stderr or answer.stdout)
            seconds.append(time.perf_counter() - start)
        found = next(t for t in json.loads(answer.stdout)["tables"] if t["id"] == "rows")["rows"]
        if found[0][1] != rows:
            raise SystemExit(f"{found[0][1]} rows were read of {rows}")
        middle = sorted(seconds[1:])[args.runs // 2]
        print(f"{what}: {rows:,} rows in {middle:.2f} s ({min(seconds[1:]):.2f} to {max(seconds[1:]):.2f}), {rows / middle / 1e6:.1f} million rows a second", flush=True)


if __name__ == "__main__":
    main()
