"""Arms that PostgreSQL gives from the expressions of gnomon assign. Needs a server to write one temporary table to. Run: python3 make-postgres.py 'psql -h HOST -d DB' path/to/gnomon"""
import csv, json, pathlib, random, subprocess, sys, tempfile

psql, gnomon = sys.argv[1].split(), sys.argv[2].split()
here, folder = pathlib.Path(__file__).parent, pathlib.Path(tempfile.mkdtemp())
random.seed(7)
rows = [[str(i) if i % 3 else f"user-{i}", random.choice(["DE", "FR", "IT", ""]), random.choice(["free", "pro"])] for i in range(1, 121)]
units = folder / "units.csv"
with open(units, "w", newline="") as f:
    w = csv.writer(f); w.writerow(["user_id", "country", "plan"]); w.writerows(rows)
out = {"source": subprocess.run(psql + ["-qAt", "-c", "select version()"], capture_output=True, text=True, check=True).stdout.strip() + ": make-postgres.py", "rows": rows, "runs": []}
for args in (["--salt", "pricing"], ["--salt", "pricing", "--split", "70/30"], ["--salt", "pricing", "--strata", "country"], ["--salt", "pricing", "--strata", "country,plan"],
             ["--salt", "search", "--layer", "growth", "--share", "20-45%"], ["--salt", "search", "--layer", "growth", "--share", "0-60%", "--strata", "country"]):
    j = json.loads(subprocess.run(gnomon + ["assign", str(units), "--unit", "user_id", *args, "--json", "--no-ledger"], capture_output=True, text=True, check=True).stdout)
    expression = next(r[1] for t in j["tables"] if t["id"] == "assignment" for r in t["rows"] if r[0] == "PostgreSQL")
    sql = f"create temp table units(user_id text, country text, plan text);\n\\copy units from '{units}' csv header\nselect user_id, coalesce({expression}, '') from units;\n"
    got = dict(csv.reader(subprocess.run(psql + ["-qAt", "-F", ","], input=sql, capture_output=True, text=True, check=True).stdout.splitlines()))
    out["runs"].append({"args": args, "expression": expression, "arms": [got[r[0]] for r in rows]})
(here / "postgres.json").write_text(json.dumps(out, indent=1))
