#!/usr/bin/env python3
"""Times Gnomon and its peer in turn, in one run, and writes bench/results/<machine>/results.json.

python3 bench/run.py DATA_DIR [--runs 5] [--machine NAME] [--only NAME]. Run bench/make_data.py DATA_DIR and ./gnomon --version first.
Each pair runs A B A B ...; the ratio is the median of the pairwise ratios of wall time; memory is the peak of the process.
"""
import argparse, datetime, json, os, platform, resource, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
parser = argparse.ArgumentParser()
parser.add_argument("data")
parser.add_argument("--runs", type=int, default=5)
parser.add_argument("--machine", default=f"{platform.machine()}-{os.cpu_count()}-cores")
parser.add_argument("--only")
args = parser.parse_args()
PYTHON = "/usr/bin/python3"
GNOMON = os.path.join(ROOT, "gnomon")
KERNELS = os.path.join(ROOT, "artifacts", "bench", "Gnomon.Benchmarks")


def once(command):
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=args.data)
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = status
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return {"wall": time.perf_counter() - start, "cpu": usage.ru_utime + usage.ru_stime, "peakMb": usage.ru_maxrss / 1024, "output": output}


def median(values):
    return sorted(values)[len(values) // 2]


def pair(name, bar, gnomon, peer, runs):
    if args.only and args.only not in name:
        return None
    once(gnomon), once(peer)
    a, b = [], []
    for _ in range(runs):
        a.append(once(gnomon))
        b.append(once(peer))
    row = {
        "name": name, "bar": bar, "runs": runs,
        "gnomonSeconds": median([x["wall"] for x in a]), "peerSeconds": median([x["wall"] for x in b]),
        "ratio": median([x["wall"] / y["wall"] for x, y in zip(a, b)]),
        "gnomonPeakMb": max(x["peakMb"] for x in a), "peerPeakMb": max(x["peakMb"] for x in b),
    }
    print(json.dumps(row), flush=True)
    return row


def kernels(runs):
    if args.only and "kernels" not in args.only:
        return []
    gnomon, peer = [], []
    for _ in range(runs):
        gnomon.append(json.loads(once([KERNELS, args.data])["output"]))
        peer.append(json.loads(once([PYTHON, f"{HERE}/peers/kernels_scipy.py", args.data])["output"]))
    rows = []
    for key, name, bar in (
        ("bootstrap-bca-mean", "bootstrap, BCa of the mean, 9,999 resamples, n = 10,000 (scipy)", 0.05),
        ("bootstrap-bca-median", "bootstrap, BCa of the median, 9,999 resamples, n = 10,000 (scipy)", 0.05),
        ("welch-2x10M", "Welch on 2 x 10 million in memory (scipy)", 0.2),
        ("mann-whitney-2x1M", "Mann-Whitney, 2 x 1 million with ties (scipy)", 0.1),
        ("permutation-2x10k", "permutation test, 9,999 relabellings of 2 x 10,000 (scipy)", 0.05),
        ("relabel-1000x1M", "1,000 random assignments of 1 million units, Welch each (numpy)", 0.1),
        ("ols-hc1-1M-x20", "least squares, 1 million x 20, HC1 errors (statsmodels)", 0.1),
        ("logit-200k-x20", "logistic regression, 200,000 x 20 (statsmodels GLM)", 0.1),
    ):
        rows.append({
            "name": name, "bar": bar, "runs": runs, "gnomonSeconds": median([x[key] for x in gnomon]), "peerSeconds": median([x[key] for x in peer]),
            "ratio": median([x[key] / y[key] for x, y in zip(gnomon, peer)]), "gnomonPeakMb": None, "peerPeakMb": None,
        })
        print(json.dumps(rows[-1]), flush=True)
    return rows


def mixed(runs):
    if args.only and "mixed" not in args.only:
        return []
    gnomon, peer = [], []
    for _ in range(max(1, runs // 2)):
        gnomon.append(json.loads(once([KERNELS, args.data, "mixed"])["output"]))
        peer.append(json.loads(once(["Rscript", f"{HERE}/peers/mixed_lme4.R", args.data])["output"]))
    if abs(gnomon[0]["criterion"] - peer[0]["criterion"]) > 1e-3:
        raise SystemExit(f"the criteria differ: {gnomon[0]['criterion']} and {peer[0]['criterion']}")
    rows = []
    for key, name in (
        ("mixed-slope-100k", "mixed model, REML, 100,000 rows, 5,000 groups, intercept and slope (lme4)"),
        ("mixed-slope-100k-satterthwaite", "the same with Satterthwaite degrees of freedom (lmerTest)"),
    ):
        rows.append({
            "name": name, "bar": 0.5, "runs": len(gnomon), "gnomonSeconds": median([x[key] for x in gnomon]), "peerSeconds": median([x[key] for x in peer]),
            "ratio": median([x[key] / y[key] for x, y in zip(gnomon, peer)]), "gnomonPeakMb": None, "peerPeakMb": None,
        })
        print(json.dumps(rows[-1]), flush=True)
    return rows


def looks(runs):
    if args.only and "looks" not in args.only:
        return []
    gnomon, peer = [], []
    for _ in range(max(1, runs // 2)):
        gnomon.append(json.loads(once([KERNELS, args.data, "looks"])["output"]))
        peer.append(json.loads(once(["Rscript", f"{HERE}/peers/looks_rpact.R"])["output"].splitlines()[-1]))
    if abs(gnomon[0]["check"] - peer[0]["check"]) > 1e-3:
        raise SystemExit(f"the powers differ: {gnomon[0]['check']} and {peer[0]['check']}")
    key = "looks-5-power-curve"
    row = {
        "name": "group-sequential design, 5 looks with futility, power at 25 effects (rpact)", "bar": 0.2, "runs": len(gnomon),
        "gnomonSeconds": median([x[key] for x in gnomon]), "peerSeconds": median([x[key] for x in peer]),
        "ratio": median([x[key] / y[key] for x, y in zip(gnomon, peer)]), "gnomonPeakMb": None, "peerPeakMb": None,
    }
    print(json.dumps(row), flush=True)
    return [row]


def wide(runs):
    library = os.path.join(ROOT, "src/Gnomon.Cli/bin/Release/net10.0/runtimes/linux-x64/native/libduckdb.so")
    size = ["10000000", "200"]
    if not args.only and not os.path.exists(os.path.join(args.data, "wide.parquet")):
        once([PYTHON, f"{HERE}/peers/scan_duckdb.py", library, "make", *size])
    metrics = ",".join(f"m{k}" for k in range(200))
    return pair("ab on a wide Parquet file, 200 metrics x 4 arms x 10 million units (bare DuckDB: count, mean and variance by arm)", 1.2, [GNOMON, "ab", "wide.parquet", "--unit", "user_id", "--variant", "arm", "--metric", metrics, "--no-ledger", "--json"],
                [PYTHON, f"{HERE}/peers/scan_duckdb.py", library, "moments", *size], runs)


ab = ["--unit", "user_id", "--variant", "variant", "--metric", "revenue", "--control", "control", "--no-ledger", "--json"]
rows = [r for r in (
    pair("ab on a CSV of 10 million rows (pandas + scipy: read, group, Welch)", 0.25, [GNOMON, "ab", "experiment.csv", *ab], [PYTHON, f"{HERE}/peers/ab_pandas.py", "experiment.csv"], args.runs),
    pair("profile of a CSV of 1 GB (pandas: read_csv + describe)", 0.5, [GNOMON, "profile", "events.csv", "--no-ledger", "--json"], [PYTHON, f"{HERE}/peers/profile_pandas.py", "events.csv"], max(1, args.runs // 2)),
    pair("start: --help (python: import scipy.stats, pandas)", 0.25, [GNOMON, "--help"], [PYTHON, f"{HERE}/peers/imports.py"], 2 * args.runs),
    pair("ab on 10,000 rows, end to end (pandas + scipy)", 0.5, [GNOMON, "ab", "small.csv", *ab], [PYTHON, f"{HERE}/peers/ab_pandas.py", "small.csv"], 2 * args.runs),
) if r]
import sql_rows

rows += sql_rows.rows(pair, args, GNOMON, PYTHON)
rows += kernels(args.runs)
rows += mixed(args.runs)
rows += looks(args.runs)
wide_row = wide(args.runs)
rows += [wide_row] if wide_row else []
versions = subprocess.run([PYTHON, "-c", "import numpy, pandas, scipy, statsmodels, platform; print(f'Python {platform.python_version()}, numpy {numpy.__version__}, pandas {pandas.__version__}, scipy {scipy.__version__}, statsmodels {statsmodels.__version__}')"], capture_output=True, text=True).stdout.strip()
folder = os.path.join(HERE, "results", args.machine)
os.makedirs(folder, exist_ok=True)
path = os.path.join(folder, "results.json")
old = {r["name"]: r for r in json.load(open(path))["rows"]} if os.path.exists(path) else {}
old.update({r["name"]: r for r in rows})
json.dump({"date": datetime.date.today().isoformat(), "machine": args.machine, "peers": versions, "rows": list(old.values())}, open(path, "w"), indent=1)
