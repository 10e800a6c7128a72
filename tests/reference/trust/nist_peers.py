"""Correct digits of R and of Python on the Statistical Reference Datasets, for the side-by-side table of `gnomon trust --nist`.

Log relative error of McCullough 1998, at most 15, the smallest over the numbers of a quantity; 0 when the tool gives up. Functions and settings are those a user
gets without reading further: R's mean, sd, acf, lm, aov, nls; numpy's mean and std, statsmodels' acf, OLS and anova_lm, and scipy's curve_fit (statsmodels fits no
nonlinear least squares). Run from the repository root; writes src/Gnomon/Trust/nist-peers.json:

    python3 tests/reference/trust/nist_peers.py FOLDER
"""

import json
import math
import pathlib
import re
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import scipy
import statsmodels
import statsmodels.api as sm
from scipy.optimize import curve_fit
from statsmodels.formula.api import ols
from statsmodels.tsa.stattools import acf

warnings.simplefilter("ignore")
HERE = pathlib.Path(__file__).parent


def digits(x, certified):
    if not math.isfinite(x):
        return 0.0
    if x == certified:
        return 15.0
    return min(15.0, max(0.0, -math.log10(abs(x - certified) / (abs(certified) if certified else 1.0))))


def worst(xs, certified):
    return min(digits(float(x), c) for x, c in zip(xs, certified, strict=True))


def frame(folder, kind, name):
    path = folder / kind / f"{name}.csv"
    return pd.read_csv(path if path.exists() else path.with_suffix(".csv.gz"))


def python(folder):
    certified = json.loads((folder / "certified.json").read_text())
    out = []

    def say(name, quantity, value):
        out.append({"set": name, "quantity": quantity, "digits": round(value, 4)})

    for name, c in certified["univariate"].items():
        y = frame(folder, "univariate", name)["y"].to_numpy(float)
        say(name, "mean", digits(y.mean(), c["mean"]))
        say(name, "standard deviation", digits(y.std(ddof=1), c["sd"]))
        say(name, "lag 1 autocorrelation", digits(acf(y, nlags=1)[1], c["lag1_autocorrelation"]))

    for name, c in certified["linear"].items():
        d = frame(folder, "linear", name).astype(float)
        p = c["parameters"]
        if p[0]["name"] == "B1":
            x = d[["x"]].to_numpy()
        elif name == "Longley":
            x = sm.add_constant(d[[f"x{i}" for i in range(1, 7)]].to_numpy())
        else:
            x = np.column_stack([d["x"].to_numpy() ** k for k in range(len(p))])
        fit = sm.OLS(d["y"].to_numpy(), x).fit()
        say(name, "coefficients", worst(fit.params, [q["estimate"] for q in p]))
        say(name, "standard errors", worst(fit.bse, [q["sd"] for q in p]))

    for name, c in certified["anova"].items():
        d = frame(folder, "anova", name)
        table = sm.stats.anova_lm(ols("y ~ C(group)", data=d).fit())
        say(name, "F", digits(table.loc["C(group)", "F"], c["f"]))
        say(name, "residual standard deviation", digits(math.sqrt(table.loc["Residual", "mean_sq"]), c["residual_sd"]))

    for name, c in certified["nonlinear"].items():
        d = frame(folder, "nonlinear", name).astype(float)
        p = c["parameters"]
        left, right = re.sub(r"^pi = [0-9.E]+ *", "", c["model"]).split("=", 1)
        right = re.sub(r"\+\s*e\s*$", "", right).replace("[", "(").replace("]", ")").replace("arctan", "np.arctan").replace("pi", "np.pi")
        right = re.sub(r"\b(exp|cos|sin)\b", r"np.\1", right)
        model = eval(f"lambda x, {', '.join(q['name'] for q in p)}: {right}" if "x1" not in right else
                     f"lambda x, {', '.join(q['name'] for q in p)}: (lambda x1, x2: {right})(x[0], x[1])", {"np": np})
        y = np.log(d["y"].to_numpy()) if "log" in left else d["y"].to_numpy()
        x = d["x"].to_numpy() if "x" in d else d[["x1", "x2"]].to_numpy().T
        for which, key in (("first", "start1"), ("second", "start2")):
            try:
                found, covariance = curve_fit(model, x, y, p0=[q[key] for q in p])
                a, b = worst(found, [q["estimate"] for q in p]), worst(np.sqrt(np.diag(covariance)), [q["sd"] for q in p])
            except (RuntimeError, ValueError, FloatingPointError):
                a, b = 0.0, 0.0
            say(f"{name}, {which} start", "parameters", a)
            say(f"{name}, {which} start", "standard errors", b)
    return out


def main():
    folder = pathlib.Path(sys.argv[1])
    r = json.loads(subprocess.run(["Rscript", str(HERE / "nist_peers.R"), str(folder)], check=True, capture_output=True, text=True).stdout)
    result = {
        "comment": "Written by tests/reference/trust/nist_peers.py",
        "peers": [
            {"name": f"R {r['version']}", "results": r["results"]},
            {"name": f"statsmodels {statsmodels.__version__.partition('+')[0]}", "with": f"numpy {np.__version__}, scipy {scipy.__version__}", "results": python(folder)},
        ],
    }
    path = HERE.parents[2] / "src" / "Gnomon" / "Trust" / "nist-peers.json"
    lines = json.dumps(result, indent=1)
    lines = re.sub(r"\{\s+\"set\": (\".*?\"),\s+\"quantity\": (\".*?\"),\s+\"digits\": ([\d.]+)\s+\}", r'{"set": \1, "quantity": \2, "digits": \3}', lines)
    path.write_text(lines + "\n")


main()
