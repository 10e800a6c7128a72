"""Recomputes the hash chain of tests/golden/ledger/v1.db without any of Gnomon's code: sqlite3, hashlib and struct only.

Layout: docs/decisions/0003-ledger.md. Run from the repository root: /usr/bin/python3 tests/reference/ledger/make.py
"""
import hashlib
import json
import platform
import sqlite3
import struct

DATABASE = "tests/golden/ledger/v1.db"
TARGET = "tests/reference/ledger/v1-chain.json"


def canonical(*values):
    out = b""
    for value in values:
        if value is None:
            out += b"N"
        elif isinstance(value, str):
            out += b"S" + struct.pack("<i", len(value.encode())) + value.encode()
        elif isinstance(value, bytes):
            out += b"B" + struct.pack("<i", len(value)) + value
        elif isinstance(value, int):
            out += b"I" + struct.pack("<q", value)
        else:
            out += b"D" + struct.pack("<d", value)
    return out


def digest(rows):
    return hashlib.sha256(b"".join(canonical(*row) for row in rows)).hexdigest()


PARTS = {
    "look": "SELECT roles, name, unit_count, data_state, metrics, p_value, plan_hash, units FROM looks WHERE entry = ?",
    "hypotheses": "SELECT metric, contrast, p_value, role FROM hypotheses WHERE entry = ? ORDER BY ordinal",
    "exclusions": "SELECT reason, row_count FROM exclusions WHERE entry = ? ORDER BY ordinal",
    "plan": "SELECT roles, name, unit_count, hash, json, units FROM plans WHERE entry = ?",
    "override": "SELECT target, decided_by, action, reason FROM overrides WHERE entry = ?",
    "finding": "SELECT json FROM findings WHERE entry = ?",
}

connection = sqlite3.connect(f"file:{DATABASE}?mode=ro", uri=True)
previous = bytes(32)
entries = []
for sequence, at, kind, verb, action in connection.execute("SELECT sequence, at, kind, verb, action FROM entries ORDER BY sequence").fetchall():
    parts = ""
    for name, sql in PARTS.items():
        rows = connection.execute(sql, (sequence,)).fetchall()
        if rows:
            parts += f"{name}={digest(rows)}\n"
    previous = hashlib.sha256(canonical(previous, "gnomon.ledger/1", sequence, at, kind, verb, action, parts)).digest()
    entries.append({"sequence": sequence, "kind": kind, "parts": parts, "hash": previous.hex()})

with open(TARGET, "w") as file:
    json.dump({"tool": f"Python {platform.python_version()}, sqlite3 {sqlite3.sqlite_version}, hashlib", "date": "2026-11-22",
               "tolerance": "exact", "database": DATABASE, "entries": entries}, file, indent=2)
    file.write("\n")
