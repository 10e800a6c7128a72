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

# Confident joint (Northcutt et al. 2021, section 3.1) from cross-validated probabilities of scikit-learn; multinomial logistic regression itself.
from sklearn.model_selection import cross_val_predict

n, K = 240, 3
truth = rng.integers(0, K, n)
X = (rng.normal(size=(n, 3)) + np.array([[1.6, 0, 0], [0, 1.6, 0], [0, 0, 1.6]])[truth]).round(4)
X = (X - X.mean(0)) / X.std(0)
labels = np.where(rng.random(n) < .12, (truth + rng.integers(1, K, n)) % K, truth)
model = LogisticRegression(C=1.0, multi_class="multinomial", tol=1e-12, max_iter=10_000)
P = cross_val_predict(model, X, labels, cv=5, method="predict_proba")
t = np.array([P[labels == j, j].mean() for j in range(K)])
C = np.zeros((K, K), int)
suspects = []
for i in range(n):
    above = np.flatnonzero(P[i] >= t - 1e-6)
    if len(above):
        j = above[np.argmax(P[i, above])]
        C[labels[i], j] += 1
        if j != labels[i]:
            suspects.append((-(P[i, j] - P[i, labels[i]]), i))
Q = C / C.sum(1, keepdims=True) * np.bincount(labels)[:, None] / n
write("confident-learning", classes=K, probabilities=P.ravel().tolist(), labels=labels.tolist(), thresholds=t.tolist(), counts=C.ravel().tolist(), joint=Q.ravel().tolist(),
      share=1 - np.trace(Q), suspects=[i for _, i in sorted(suspects)], columns=3, features=X.ravel().tolist(), fitted=model.fit(X, labels).predict_proba(X).ravel().tolist())

# Isolation forest: scores averaged over twenty forests, two clusters with points between and around them.
from sklearn.ensemble import IsolationForest

X = np.vstack([rng.normal(size=(500, 3)), rng.normal(size=(500, 3)) + 6, rng.uniform(-6, 12, size=(20, 3))]).round(4)
score = -np.mean([IsolationForest(n_estimators=100, max_samples=256, random_state=s).fit(X).score_samples(X) for s in range(20)], 0)
planted = np.arange(len(X)) >= 1000
write("isolation", columns=3, x=X.ravel().tolist(), scores=score.tolist(), planted=20, auc=roc_auc_score(planted, score))
