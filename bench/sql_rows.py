"""Workloads of `gnomon sql` at size: their data (by the engine's own library, seeded by row number) and their pairs. Used by make_data.py --sql and by run.py."""
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
LIBRARY = os.path.join(os.path.dirname(HERE), "src/Gnomon.Cli/bin/Release/net10.0/runtimes/linux-x64/native/libduckdb.so")
BARE = f"{HERE}/peers/sql_duckdb.py"
PANDAS = f"{HERE}/peers/sql_pandas.py"

GROUP = "SELECT key, SUM(amount) AS total, MAX(\"at\") AS latest FROM {t} GROUP BY key ORDER BY total DESC, key LIMIT 100"
TEXT = "SELECT customer_id, SUM(amount) AS total, MAX(event_time) AS latest FROM {t} GROUP BY customer_id ORDER BY total DESC, customer_id LIMIT 100"
ROLLING = ("SELECT AVG(mean30) AS mean, COUNT(*) AS n FROM (SELECT AVG(amount) OVER (PARTITION BY customer ORDER BY \"at\" RANGE BETWEEN INTERVAL 30 DAY PRECEDING AND CURRENT ROW) AS mean30 FROM {t}) AS r")
JOIN = "SELECT c.plan, COUNT(*) AS n, SUM(t.amount) AS total FROM {t} AS t JOIN {c} AS c ON c.key = t.key GROUP BY c.plan ORDER BY c.plan"


def make(folder, millions):
    """millions: rows of the largest table, 50 for the full size; the others keep their proportion to it."""
    n = int(millions * 1_000_000)
    subprocess.run(["/usr/bin/python3", BARE, LIBRARY, folder, "make", str(n)], check=True)


def rows(pair, args, gnomon, python):
    def sql(data, query, *more):
        return [gnomon, "sql", *data, "--query", query, *more, "--rows", "100", "--no-ledger", "--json"]

    def bare(query):
        return [python, BARE, LIBRARY, args.data, "ask", query]

    def pandas(what):
        return [python, PANDAS, what]

    half = max(1, args.runs // 2)
    there = lambda name: os.path.exists(os.path.join(args.data, name))
    done = []
    if there("tx.parquet"):
        done += [
            pair("sql: group-by, sum and latest by key, Parquet (pandas: arrays in memory, groupby)", 0.25, sql(["tx.parquet"], GROUP.format(t="tx")), pandas("group"), half),
            pair("sql: the same (bare DuckDB: our own overhead)", 1.05, sql(["tx.parquet"], GROUP.format(t="tx")), bare(GROUP.format(t="'tx.parquet'")), args.runs),
            pair("sql: rolling 30-day mean per customer, Parquet (pandas: groupby rolling)", 0.12, sql(["rolling.parquet"], ROLLING.format(t="rolling")), pandas("rolling"), half),
            pair("sql: join of customers to ten times as many transactions (pandas: merge, groupby)", 0.3, sql(["tx.parquet", "customers.parquet"], JOIN.format(t="tx", c="customers")), pandas("join"), half),
            pair("sql: JSON column of up to 1 million rows (pandas: json.loads, json_normalize)", 0.2, [gnomon, "sql", "objects.csv", "--expand", "payload", "--rejects", "/dev/shm/none.csv", "--no-ledger", "--json"], pandas("json"), half),
            pair("profile of 1 GB x 50 columns (pandas: describe, missing values, duplicates)", 0.3, [gnomon, "profile", "wide50.csv", "--no-ledger", "--json"], pandas("profile"), half),
        ]
    if there("events.csv"):
        done.append(pair("sql: CSV of 1 GB, read and grouped (pandas: read_csv, groupby)", 0.2, sql(["events.csv"], TEXT.format(t="events")), pandas("csv"), half))
    return [r for r in done if r]
