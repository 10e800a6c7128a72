"""Inactivity definitions and their agreement: pandas counts, scikit-learn's kappa, its error by statsmodels. Run: /usr/bin/python3 question.py"""
import datetime, json, pathlib
import numpy as np, pandas as pd, sklearn, statsmodels
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa

rng = np.random.default_rng(20261126)
rows = []
for i in range(300):
    pace, stop, t = 2.4 + 0.6 * rng.normal(), rng.exponential(3000), 250 * rng.random()
    while t < 540 and t < stop:
        rows.append((f"a{i}", pd.Timestamp("2025-01-01") + pd.Timedelta(days=int(t))))
        t += np.exp(pace + 0.8 * rng.normal())
rows += [("new", pd.Timestamp("2026-06-20")), ("new", pd.Timestamp("2026-06-23"))]
f = pd.DataFrame(rows, columns=["account", "at"])
end = f["at"].max()
spans = f.groupby("account")["at"].agg(["min", "max"])
spans = spans[(end - spans["min"]).dt.days >= 90]
gone = {d: (end - spans["max"]).dt.days >= d for d in (30, 60, 90)}
kappas = []
for a, b in ((30, 60), (30, 90), (60, 90)):
    table = pd.crosstab(gone[a], gone[b]).reindex(index=[False, True], columns=[False, True], fill_value=0).to_numpy()
    k = cohens_kappa(table)
    kappas.append(dict(first=a, second=b, kappa=cohen_kappa_score(gone[a], gone[b]), low=k.kappa_low))
body = dict(account=f["account"].tolist(), at=f["at"].dt.strftime("%Y-%m-%d").tolist(), definitions=[dict(days=d, units=len(spans), gone=int(g.sum())) for d, g in gone.items()], kappas=kappas,
            tool=f"scikit-learn {sklearn.__version__}, statsmodels {statsmodels.__version__}, pandas {pd.__version__}", made=datetime.date.today().isoformat(), script="question.py")
(pathlib.Path(__file__).parent / "question.json").write_text(json.dumps(body) + "\n")
print(body["definitions"], kappas, len(f))
