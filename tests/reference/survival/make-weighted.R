# Weighted survival curves: the area up to a horizon and each unit's influence on it.
# Rscript tests/reference/survival/make-weighted.R > tests/reference/survival/weighted.json
suppressMessages(library(survival))
i <- 0:179
one <- function(step, horizon) {
  time <- 1 + (i * 41) %% 60 + i / 40
  if (step > 0) time <- ceiling(time / step) * step
  cut <- 20 + (i * 17) %% 50
  # residuals() looks the variables up again.
  seen <<- pmin(time, cut); ended <<- as.numeric(time <= cut)
  w <<- 1 + (i * 7) %% 5 + ((i * 3) %% 4) / 8
  f <- survfit(Surv(seen, ended) ~ 1, weights = w)
  t <- f$time[f$time < horizon]; s <- f$surv[f$time < horizon]
  area <- sum(diff(c(0, t, horizon)) * c(1, s))
  r <- as.numeric(residuals(f, times = horizon, type = "auc"))
  sprintf('{ "step": %g, "horizon": %g, "mean": %.15g, "weight": %.15g, "influence": [%s] }', step, horizon, area, sum(w), paste(sprintf("%.15g", r), collapse = ", "))
}
cat(sprintf('{ "tool": "%s, survival %s", "date": "2026-11-23", "sets": [\n  %s,\n  %s ] }\n', R.version.string, packageVersion("survival"), one(0, 40), one(5, 35)))
