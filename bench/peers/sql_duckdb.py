"""Bare DuckDB, by its C library: sql_duckdb.py LIBDUCKDB FOLDER make ROWS | copy QUERY FILE OPTIONS | ask QUERY. `make` writes the data of bench/sql_rows.py; `ask` keeps the answer of a query as a table and counts it."""
import ctypes
import os
import sys

lib = ctypes.CDLL(sys.argv[1])
database, connection = ctypes.c_void_p(), ctypes.c_void_p()
result = ctypes.create_string_buffer(256)
lib.duckdb_result_error.restype = ctypes.c_char_p
assert lib.duckdb_open(None, ctypes.byref(database)) == 0
assert lib.duckdb_connect(database, ctypes.byref(connection)) == 0
os.chdir(sys.argv[2])


def query(sql):
    if lib.duckdb_query(connection, sql.encode(), result) != 0:
        raise SystemExit(lib.duckdb_result_error(result).decode())


def copy(sql, path, options):
    if not os.path.exists(path):
        query(f"COPY ({sql}) TO '{path}.part' ({options})")
        os.rename(path + ".part", path)


if sys.argv[3] == "ask":
    query(f"CREATE TABLE answer AS {sys.argv[4]}")
    query("SELECT COUNT(*) FROM answer")
    sys.exit()

if sys.argv[3] == "copy":
    copy(*sys.argv[4:7])
    sys.exit()

n = int(sys.argv[4])
keys = max(1, n // 50)
moment = "TIMESTAMP '2025-01-01' + to_seconds(CAST(hash(i + 2) % 31536000 AS BIGINT))"
amount = "CAST(hash(i + 1) % 100000 AS DOUBLE) / 100"
copy(f"SELECT CAST(hash(i) % {keys} AS BIGINT) AS key, {amount} AS amount, {moment} AS at FROM range({n}) AS t(i)", "tx.parquet", "FORMAT parquet")
copy(f"SELECT i AS key, ['basic', 'pro', 'team', 'free'][1 + CAST(hash(i + 7) % 4 AS BIGINT)] AS plan FROM range({n // 10}) AS t(i)", "customers.parquet", "FORMAT parquet")
copy(f"SELECT CAST(hash(i) % {max(1, n // 500)} AS BIGINT) AS customer, {amount} AS amount, {moment} AS at FROM range({n // 5}) AS t(i)", "rolling.parquet", "FORMAT parquet")
pin = "lpad(CAST(hash(i + 3) % 1000000 AS VARCHAR), 6, '0')"
cells = f"""'{{"city":"city ' || (hash(i) % 300) || '","pin":"' || {pin} || '","age":' || (hash(i + 4) % 90) || CASE WHEN hash(i + 5) % 10 < 7 THEN ',"score":' || (hash(i + 6) % 1000) / 8.0 ELSE '' END || CASE WHEN hash(i + 8) % 2 = 0 THEN ',"vip":true' ELSE '' END || CASE WHEN hash(i + 9) % 100 < 3 THEN ',"plan":null' ELSE ',"plan":"basic"' END || ',"n1":' || i || ',"n2":' || hash(i) % 77 || ',"n3":' || hash(i) % 7 || ',"a":{{"b":"' || hash(i + 11) % 9 || '"}}}}'"""
copy(f"SELECT i AS id, {cells} AS payload FROM range({min(1_000_000, n // 50)}) AS t(i)", "objects.csv", "FORMAT csv, HEADER true")
wide = ", ".join(f"CAST(hash(i + {k}) % 100000 AS BIGINT) / 100.0 AS m{k}" if k % 5 else f"'group ' || (hash(i + {k}) % {10 + k}) AS g{k}" for k in range(50))
copy(f"SELECT {wide} FROM range({max(1, n // 15)}) AS t(i)", "wide50.csv", "FORMAT csv, HEADER true")
with open("rows.txt", "w") as out:
    out.write(str(n))
