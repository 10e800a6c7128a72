"""Bare DuckDB, by its C library: python3 scan_duckdb.py LIBDUCKDB make|scan|moments ROWS METRICS. `make` writes wide.parquet; `scan` reads its metric columns once, summed by arm; `moments` takes mean and variance by arm."""
import ctypes, sys

lib = ctypes.CDLL(sys.argv[1])
database, connection = ctypes.c_void_p(), ctypes.c_void_p()
result = ctypes.create_string_buffer(256)
lib.duckdb_result_error.restype = ctypes.c_char_p
assert lib.duckdb_open(None, ctypes.byref(database)) == 0
assert lib.duckdb_connect(database, ctypes.byref(connection)) == 0


def query(sql):
    if lib.duckdb_query(connection, sql.encode(), result) != 0:
        raise SystemExit(lib.duckdb_result_error(result).decode())


rows, metrics = int(sys.argv[3]), int(sys.argv[4])
if sys.argv[2] == "make":
    # Amounts in tenths of 0 to 99.9, each metric on its own; four arms by a hash.
    columns = ", ".join(f"(hash(i * 1000 + {k}) % 1000) / 10.0 AS m{k}" for k in range(metrics))
    query(f"COPY (SELECT i AS user_id, 'arm ' || (hash(i + 77) % 4) AS arm, {columns} FROM range({rows}) t(i)) TO 'wide.parquet' (FORMAT parquet)")
elif sys.argv[2] == "moments":
    query(f"SELECT arm, count(*), {', '.join(f'count(m{k}), avg(m{k}), var_samp(m{k})' for k in range(metrics))} FROM 'wide.parquet' GROUP BY arm")
else:
    query(f"SELECT arm, count(*), {', '.join(f'sum(m{k})' for k in range(metrics))} FROM 'wide.parquet' GROUP BY arm")
