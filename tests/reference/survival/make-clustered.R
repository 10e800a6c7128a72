# Log-rank test and proportionality where clusters were assigned.
# Log-rank: the robust score test of coxph(cluster =). Proportionality: coxph on data split at the event times, arm and arm x (1 - Kaplan-Meier, less its mean over the events) with the second coefficient held at 0;
# score residuals by cluster, less the part that estimating the first takes (Boos 1992). Both also with the correction for few clusters: sums less the arm's mean per unit, squares over 1 - share of the arm.
# Rscript tests/reference/survival/make-clustered.R > tests/reference/survival/clustered.json
suppressMessages(library(survival))
i <- 0:719
zone <- ifelse(i %% 24 < 20, i %% 24, i %% 5)
arm <- zone %% 2
one <- function(step) {
  time <- 1 + (i * 41) %% 60 + zone / 4 + ifelse(arm == 1, ((i * 41) %% 60)^2 / 300, 2)
  if (step > 0) time <- ceiling(time / step) * step
  cut <- 20 + (i * 17) %% 50
  seen <- pmin(time, cut); ended <- as.numeric(time <= cut)
  size <- tapply(arm, zone, length); of <- tapply(arm, zone, mean); total <- ifelse(of == 1, sum(arm), sum(1 - arm))
  corrected <- function(u) { m <- ave(u, of, FUN = sum) / total; sqrt(sum((u - size * m)^2 / (1 - size / total))) }
  fit <- coxph(Surv(seen, ended) ~ arm, cluster = zone)
  null <- coxph(Surv(seen, ended) ~ arm, init = 0, iter = 0)
  u <- tapply(residuals(null, type = "score"), zone, sum)

  km <- survfit(Surv(seen, ended) ~ 1)
  at <- km$time[km$n.event > 0]; before <- c(1, km$surv[km$n.event > 0])[seq_along(at)]
  g <- (1 - before) - sum(km$n.event[km$n.event > 0] * (1 - before)) / sum(ended)
  d <- survSplit(Surv(seen, ended) ~ ., data.frame(seen, ended, arm, zone, id = i), cut = at, episode = "k")
  # An interval holds its own end: the k-th one ends with the k-th event time.
  d$drift <- d$arm * g[pmin(d$k, length(g))]
  beta <- coef(coxph(Surv(seen, ended) ~ arm))
  m <- coxph(Surv(tstart, seen, ended) ~ arm + drift, data = d, init = c(beta, 0), iter = 0)
  r <- residuals(m, type = "score")
  information <- solve(m$naive.var %||% m$var)
  z <- tapply(r[, 2] - information[2, 1] / information[1, 1] * r[, 1], d$zone, sum)
  sprintf('{ "step": %g, "score": %.15g, "error": %.15g, "robust": %.15g, "summed": %.15g, "drift": { "score": %.15g, "error": %.15g, "robust": %.15g } }',
    step, sum(u), corrected(u), fit$rscore, sum(u)^2 / sum(u^2), sum(z), corrected(z), sum(z)^2 / sum(z^2))
}
`%||%` <- function(a, b) if (is.null(a)) b else a
cat(sprintf('{ "tool": "%s, survival %s", "date": "2026-11-23", "sets": [\n  %s,\n  %s ] }\n', R.version.string, packageVersion("survival"), one(0), one(5)))
