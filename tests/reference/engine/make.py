#!/usr/bin/python3
"""Counts, sums and extremes of real files as pandas reads them: the reference for the engine's scans.

    make.py DATA_FOLDER > real-files.json

Numbers are summed with math.fsum (exact, then rounded once); text columns give distinct values and the bytes of all cells.
"""
import datetime, json, math, sys
import pandas as pd

FILES = [
    "experiments/cookie_cats.csv.gz", "experiments/marketing_ab_sample.csv", "experiments/star_class_size.csv.gz",
    "churn/bank_churn_modelling.csv.gz", "churn/employee_attrition.csv", "credit/uci_credit_card_default.csv.gz",
    "regression/ames_housing.csv.gz", "regression/california_housing.csv.gz", "regression/diamonds.csv.gz",
    "regression/hotel_rates.csv.gz", "regression/medical_insurance.csv", 
    "calibration/tennis_men.csv", "causal/castle.csv", "survival/colon.csv", "profiling/seattle-weather.csv",
    "quality/hospital/hospital.csv", "forecasts/ett/ETTh1.csv.gz",
]


def column(s):
    values = s.dropna()
    if pd.api.types.is_bool_dtype(s) or (s.dtype == object and len(values) and values.map(type).eq(bool).all()):
        return {"kind": "boolean", "count": int(len(values)), "sum": float(values.astype(bool).sum())}
    if pd.api.types.is_numeric_dtype(s):
        x = [float(v) for v in values]
        return {"kind": "number", "count": len(x), "sum": math.fsum(x), "min": min(x) if x else None, "max": max(x) if x else None}
    texts = [str(v) for v in values]
    return {"kind": "text", "count": len(texts), "distinct": len(set(texts)), "bytes": sum(len(t.encode()) for t in texts)}


def main(root):
    files = {}
    for name in FILES:
        path = f"{root}/{name}"
        try:
            frame = pd.read_csv(path, low_memory=False, float_precision="round_trip")
        except FileNotFoundError as e:
            print(f"left out: {name}: {e}", file=sys.stderr)
            continue
        files[name] = {"rows": len(frame), "columns": {c.strip() or f"column{i + 1}" if not c.startswith("Unnamed") else f"column{i + 1}": column(frame[c]) for i, c in enumerate(frame.columns)}}
    json.dump({"tool": f"pandas {pd.__version__}, Python {sys.version.split()[0]}", "made": datetime.date.today().isoformat(), "files": files}, sys.stdout, indent=1)
    print()


main(sys.argv[1])
