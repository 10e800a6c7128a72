"""Effect by day of exposure where units come on some days, on some of them twice. Run: python3 make-panel.py (statsmodels, numpy).

The effect of a day is the difference of two means of rows; the covariance of days is that of OLS of the rows on day indicators, clustered by unit (statsmodels, no correction),
one arm at a time, times n / (n - 1) for the larger number of units n of the two days. The trend is least squares on ln(1 + day), weighted by the inverse variances, with that covariance."""
import datetime, json, math, pathlib
import numpy as np, scipy.stats as st, statsmodels, statsmodels.api as sm

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(20260411)
rows = []
for u in range(90):
    begun, level = int(rng.integers(0, 6)), rng.normal()
    for age in range(10):
        if age == 0 or rng.random() < .8:
            for _ in range(2 if rng.random() < .3 else 1):
                rows.append((u, begun + age, age, round(5 + level + rng.normal() + (.9 - .07 * age if u % 2 else 0), 3)))
unit, day, age, y = (np.array(c) for c in zip(*rows))
means, cov = [], []
for arm in (0, 1):
    k = unit % 2 == arm
    X = (age[k][:, None] == np.arange(10)[None, :]) * 1.0
    fit = sm.OLS(y[k], X).fit(cov_type="cluster", cov_kwds=dict(groups=unit[k], use_correction=False))
    n = np.array([len(set(unit[k][age[k] == a])) for a in range(10)])
    big = np.maximum(n[:, None], n[None, :])
    means.append(fit.params); cov.append(fit.cov_params() * big / (big - 1))
D, S = means[1] - means[0], cov[0] + cov[1]
D, S = D[:7], S[:7, :7]                                  # whole weeks
X = sm.add_constant(np.log1p(np.arange(1, 8.))); W = np.diag(1 / np.diag(S))
A = np.linalg.inv(X.T @ W @ X) @ X.T @ W; beta = A @ D; V = A @ S @ A.T
z = float(beta[1] / math.sqrt(V[1, 1]))
(here / "panel.json").write_text(json.dumps(dict(
    unit=unit.tolist(), day=day.tolist(), y=y.tolist(), difference=D.tolist(), error=np.sqrt(np.diag(S)).tolist(), covariance=float(S[0, 3]), slope=float(beta[1]), statistic=z, p=float(2 * st.norm.sf(abs(z))),
    tool=f"statsmodels {statsmodels.__version__}, numpy {np.__version__}", made=datetime.date.today().isoformat(), script="make-panel.py"), indent=1) + "\n")
