# Reference values for Gnomon.Methods.Survival.RestrictedMeanInfluence. Run: Rscript make-influence.R (R with its recommended package survival).
# Rows as in make.R; residuals(survfit, type = "auc") is the infinitesimal jackknife of the area under the curve.
library(survival)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
set.seed(20261122)
n <- 90
t0 <- rexp(n, 0.04); cens <- runif(n, 5, 70)
time <- pmax(1, round(pmin(t0, cens))); event <- as.integer(t0 <= cens)   # whole days: many ties
fit <- survfit(Surv(time, event) ~ 1, data = data.frame(time, event))
num <- function(v) paste0("[", paste(format(v, digits = 17, scientific = TRUE, trim = TRUE), collapse = ","), "]")
at <- function(tau) num(as.vector(residuals(fit, times = tau, type = "auc")))
cat(sprintf('{"time":%s,"event":%s,"at20":%s,"at45":%s,
 "tool":"R %s, survival %s","script":"make-influence.R","date":"%s"}
', num(time), num(event), at(20), at(45), getRversion(), packageVersion("survival"), "2026-11-22"), file = file.path(here, "influence.json"))
