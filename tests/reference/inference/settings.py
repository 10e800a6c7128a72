#!/usr/bin/env python3
"""The same test under the settings of several tools, each number printed by that tool. Usage: python3 settings.py (writes settings.json beside itself; needs Rscript with BayesFactor)."""
import datetime, json, pathlib, subprocess
import numpy as np, scipy, statsmodels
from scipy import stats
from statsmodels.stats.proportion import proportions_ztest
from statsmodels.stats.weightstats import ttest_ind

rng = np.random.default_rng(20261122)


def r(code):
    run = subprocess.run(["Rscript", "-e", "suppressWarnings(suppressMessages({library(BayesFactor);" + code + "}))"], capture_output=True, text=True, check=True)
    return [float(v) for v in run.stdout.split()]


def c(values):
    return "c(" + ",".join(repr(float(v)) for v in values) + ")"


means = []
for x, y in [(rng.normal(1, 4, 15), rng.normal(0, 1, 40)), (rng.normal(0, 1, 9), rng.normal(1, 1, 7)), (np.round(rng.normal(5, 2, 30)), np.round(rng.normal(6, 2, 30)))]:
    a = r(f"x<-{c(x)};y<-{c(y)};cat(sprintf('%.17g ',c(t.test(x,y)$p.value,t.test(x,y,var.equal=TRUE)$p.value,wilcox.test(x,y)$p.value,wilcox.test(x,y,exact=FALSE)$p.value,"
          "wilcox.test(x,y,exact=FALSE,correct=FALSE)$p.value,extractBF(ttestBF(x,y))$bf)))")
    t, p, df = ttest_ind(x, y)
    means.append(dict(
        x=x.tolist(), y=y.tolist(), welch=a[0], student=a[1], rDefaultRanks=a[2], ranksCorrected=a[3], ranksUncorrected=a[4], bayes=a[5],
        scipyDefault=stats.ttest_ind(x, y).pvalue, statsmodelsDefault=p, welchGreater=min(stats.ttest_ind(x, y, equal_var=False, alternative=s).pvalue for s in ("less", "greater")),
        studentGreater=min(stats.ttest_ind(x, y, alternative=s).pvalue for s in ("less", "greater")), z=2 * stats.norm.sf(abs(x.mean() - y.mean()) / np.sqrt(x.var(ddof=1) / len(x) + y.var(ddof=1) / len(y))),
        scipyRanks=stats.mannwhitneyu(x, y).pvalue))

shares = []
for a, n, b, m in [(12, 40, 22, 40), (3, 20, 11, 25), (500, 10000, 560, 10100)]:
    table = [[a, n - a], [b, m - b]]
    v = r(f"cat(sprintf('%.17g ',c(prop.test(c({a},{b}),c({n},{m}))$p.value,chisq.test(matrix(c({a},{n - a},{b},{m - b}),2))$p.value,chisq.test(matrix(c({a},{n - a},{b},{m - b}),2),correct=FALSE)$p.value,"
          f"fisher.test(matrix(c({a},{n - a},{b},{m - b}),2))$p.value)))")
    shares.append(dict(
        a=a, n=n, b=b, m=m, rProp=v[0], rChi=v[1], rPlain=v[2], rFisher=v[3], scipyChi=stats.chi2_contingency(table)[1], scipyPlain=stats.chi2_contingency(table, correction=False)[1],
        g=stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")[1], statsmodels=proportions_ztest([a, b], [n, m])[1],
        wald=2 * stats.norm.sf(abs(a / n - b / m) / np.sqrt(a / n * (1 - a / n) / n + b / m * (1 - b / m) / m)), scipyFisher=stats.fisher_exact(table)[1]))

pairs = []
for d in [rng.normal(0.4, 1, 25), np.round(rng.normal(0.5, 2, 40)), rng.normal(0.1, 1, 80)]:
    v = r(f"d<-{c(d)};cat(sprintf('%.17g ',c(t.test(d)$p.value,wilcox.test(d)$p.value,wilcox.test(d,exact=FALSE)$p.value,wilcox.test(d,exact=FALSE,correct=FALSE)$p.value,extractBF(ttestBF(d))$bf)))")
    pairs.append(dict(d=d.tolist(), t=v[0], rDefault=v[1], corrected=v[2], uncorrected=v[3], bayes=v[4], scipyDefault=stats.wilcoxon(d).pvalue))

groups = []
for g in [[rng.normal(0, s, n) for s, n in ((1, 20), (3, 30), (2, 8))], [rng.normal(m, 1, 15) for m in (0, 0.5, 1, 1)]]:
    code = "g<-list(" + ",".join(c(v) for v in g) + ");y<-unlist(g);f<-factor(rep(seq_along(g),sapply(g,length)));"
    v = r(code + "cat(sprintf('%.17g ',c(oneway.test(y~f)$p.value,summary(aov(y~f))[[1]][1,5],kruskal.test(y,f)$p.value)))")
    groups.append(dict(groups=[v.tolist() for v in g], welch=v[0], classical=v[1], kruskal=v[2], scipyF=stats.f_oneway(*g).pvalue, scipyKruskal=stats.kruskal(*g).pvalue))

twoway = []
for sizes, levels in [(((9, 4), (3, 8)), (2, 2)), (((6, 6, 6), (6, 6, 6)), (2, 3)), (((3, 7, 4), (8, 2, 5)), (2, 3))]:
    a, b, y = [], [], []
    for i in range(levels[0]):
        for j in range(levels[1]):
            n = sizes[i][j]
            a += [i] * n
            b += [j] * n
            y += list(rng.normal(0.8 * i + 0.5 * j + 0.6 * i * j, 1, n))
    v = r(f"suppressWarnings(suppressMessages(library(car)));a<-factor({c(a)});b<-factor({c(b)});y<-{c(y)};one<-anova(lm(y~a*b));two<-Anova(lm(y~a*b),type=2);"
          "three<-Anova(lm(y~a*b,contrasts=list(a=contr.sum,b=contr.sum)),type=3);cat(sprintf('%.17g ',c(one[1:3,5],two[1:3,4],three[2:4,4],one[1:3,2])))")
    twoway.append(dict(a=a, b=b, y=y, p1=v[0:3], p2=v[3:6], p3=v[6:9], ss=v[9:12]))

out = dict(twoway=twoway, means=means, shares=shares, pairs=pairs, groups=groups, written=datetime.date.today().isoformat(), scipy=scipy.__version__, statsmodels=statsmodels.__version__,
           r=subprocess.run(["Rscript", "-e", "cat(R.version.string)"], capture_output=True, text=True).stdout)
(pathlib.Path(__file__).parent / "settings.json").write_text(json.dumps(out, indent=1) + "\n")
