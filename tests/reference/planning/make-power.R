# Reference values for the power of many designs: pwr, power.t.test, power.anova.test, rpact. Run: Rscript make-power.R (writes power-r.json).
suppressMessages({library(pwr); library(rpact); library(jsonlite)})
tidy <- function(...) list(...)
out <- list()
out$oneMean <- lapply(list(c(20, 0.5, 1, 0.05), c(8, 2, 2.5, 0.01), c(150, 0.2, 1, 0.05)), function(v)
  tidy(n = v[1], difference = v[2], sd = v[3], alpha = v[4],
       power = power.t.test(n = v[1], delta = v[2], sd = v[3], sig.level = v[4], type = "one.sample", strict = TRUE)$power,
       oneSided = power.t.test(n = v[1], delta = v[2], sd = v[3], sig.level = v[4], type = "paired", alternative = "one.sided")$power))
out$oneMeanSize <- lapply(list(c(0.5, 1, 0.8), c(0.1, 1, 0.9), c(2, 1, 0.95)), function(v)
  tidy(difference = v[1], sd = v[2], power = v[3], n = power.t.test(delta = v[1], sd = v[2], power = v[3], type = "paired", strict = TRUE, tol = 1e-13)$n))
out$anova <- lapply(list(list(c(1, 2, 4), 3, 10), list(c(10, 10, 10, 12), 2.5, 25), list(c(0, 0.3), 1, 80)), function(v)
  tidy(means = v[[1]], sd = v[[2]], n = v[[3]],
       power = power.anova.test(groups = length(v[[1]]), n = v[[3]], between.var = var(v[[1]]), within.var = v[[2]]^2)$power))
out$anovaSize <- lapply(list(c(3, 0.25, 0.8), c(5, 0.1, 0.9)), function(v)
  tidy(groups = v[1], effect = v[2], power = v[3], n = pwr.anova.test(k = v[1], f = v[2], power = v[3])$n))
out$regression <- lapply(list(c(3, 40, 0.15), c(1, 118, 0.05), c(6, 20, 0.4)), function(v) # u, v, f2 with no other columns: n = u + v + 1
  tidy(tested = v[1], denominator = v[2], effect = v[3], power = pwr.f2.test(u = v[1], v = v[2], f2 = v[3])$power))
out$table <- lapply(list(c(0.3, 100, 1), c(0.1, 1200, 6), c(0.25, 80, 4)), function(v)
  tidy(effect = v[1], n = v[2], df = v[3], power = pwr.chisq.test(w = v[1], N = v[2], df = v[3])$power))
out$tableSize <- lapply(list(c(0.2, 0.8, 2), c(0.1, 0.95, 9)), function(v)
  tidy(effect = v[1], power = v[2], df = v[3], n = pwr.chisq.test(w = v[1], power = v[2], df = v[3])$N))
out$fisher <- lapply(list(c(20, 0.5), c(85, 0.3), c(400, 0.12)), function(v) tidy(n = v[1], correlation = v[2], power = pwr.r.test(n = v[1], r = v[2])$power))
# Farrington and Manning: rpact's thetaH0 is group 1 minus group 2, so its first group is our second.
out$nonInferior <- lapply(list(c(0.8, 0.8, -0.1, 0.025, 0.8, 1), c(0.1, 0.11, -0.02, 0.05, 0.9, 1), c(0.6, 0.6, -0.15, 0.025, 0.9, 2)), function(v) {
  r <- getSampleSizeRates(groups = 2, thetaH0 = v[3], pi1 = v[2], pi2 = v[1], alpha = v[4], beta = 1 - v[5], sided = 1, allocationRatioPlanned = v[6])
  tidy(first = v[1], second = v[2], margin = v[3], alpha = v[4], power = v[5], ratio = v[6], n = as.numeric(r$nFixed2), second_n = as.numeric(r$nFixed1)) })
out$nonInferiorMeans <- lapply(list(c(0, -0.5, 1, 0.025, 0.8), c(0.1, -0.3, 2, 0.05, 0.9)), function(v) {
  r <- getSampleSizeMeans(groups = 2, thetaH0 = v[2], alternative = v[1], stDev = v[3], alpha = v[4], beta = 1 - v[5], sided = 1, normalApproximation = FALSE)
  tidy(difference = v[1], margin = v[2], sd = v[3], alpha = v[4], power = v[5], n = as.numeric(r$nFixed1)) })
out$tool <- paste(R.version.string, "pwr", packageVersion("pwr"), "rpact", packageVersion("rpact"))
out$made <- format(Sys.Date()); out$script <- "make-power.R"
write(toJSON(out, digits = NA, auto_unbox = TRUE, pretty = 1), "power-r.json")
