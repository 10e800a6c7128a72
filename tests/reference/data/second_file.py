"""Reference values for what a profile does with a second file. Run: /usr/bin/python3 second_file.py"""
import datetime, json, pathlib
import numpy as np, sklearn, scipy.stats as st
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import roc_auc_score

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(20261123)


def write(name, **body):
    body["tool"] = f"scikit-learn {sklearn.__version__}, numpy {np.__version__}"
    body["made"] = datetime.date.today().isoformat()
    body["script"] = "second_file.py"
    (here / f"{name}.json").write_text(json.dumps(body) + "\n")


# Domain classifier: the same folds, Ridge on the label over standardised features; logistic regression beside it.
cases = []
for shift in (0.0, 0.4):
    n, k = 300, 4
    first = np.arange(n) < 130
    X = rng.normal(size=(n, k)).round(4)
    X[first, 0] += shift
    X[:, 3] = (X[:, 3] > .3) + 0.0
    folds = rng.integers(0, 5, n)
    Z = (X - X.mean(0)) / X.std(0)
    ridge, logit = np.zeros(n), np.zeros(n)
    for f in range(5):
        t = folds == f
        ridge[t] = Ridge(alpha=1.0).fit(Z[~t], first[~t]).predict(Z[t])
        logit[t] = LogisticRegression(C=1.0).fit(Z[~t], first[~t]).decision_function(Z[t])
    cases.append(dict(columns=k, features=X.ravel().tolist(), first=first.astype(int).tolist(), folds=folds.tolist(), scores=ridge.tolist(),
                      auc=roc_auc_score(first, ridge), logisticAuc=roc_auc_score(first, logit)))
write("domain", cases=cases)
