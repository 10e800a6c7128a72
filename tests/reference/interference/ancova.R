# Analysis of covariance by cluster: row-level lm with clubSandwich's CR2 and Satterthwaite degrees of freedom; pairs as an intercept-and-covariate regression with HC2 and the same degrees.
# Run: Rscript ancova.R > ancova.json (clubSandwich, jsonlite).
suppressMessages({library(clubSandwich); library(jsonlite)})
set.seed(11)
sets <- list()
for (s in 1:4) {
  g <- c(9, 14, 24, 12)[s]; k <- c(1, 2, 1, 1)[s]; treated <- c(4, 6, 10, 3)[s]
  sizes <- if (s == 4) rep(1, g) else sample(2:9, g, TRUE)
  x <- matrix(round(rnorm(g * k, 10, 3), 3), g, k)
  level <- 2 + 0.8 * x[, 1] + rnorm(g)
  cluster <- rep(1:g, sizes)
  arm <- as.numeric(cluster <= treated)
  y <- round(level[cluster] + 0.7 * arm + rnorm(length(cluster)), 3)
  d <- data.frame(y, arm, x[cluster, , drop = FALSE]); names(d)[-(1:2)] <- paste0("x", 1:k)
  # Covariates less their row-weighted mean, so that the intercept is the control mean there.
  for (j in 1:k) d[[paste0("x", j)]] <- d[[paste0("x", j)]] - mean(d[[paste0("x", j)]])
  m <- lm(y ~ ., d)
  v <- vcovCR(m, cluster = cluster, type = "CR2")
  t <- coef_test(m, vcov = v, test = "Satterthwaite")
  one <- c(1, 1, rep(0, k)); zero <- c(1, 0, rep(0, k))
  sets[[s]] <- list(y = y, cluster = cluster, treated = treated, x = lapply(1:k, function(j) x[, j]), difference = t$beta[2], error = t$SE[2], degrees = t$df_Satt[2], p = t$p_Satt[2],
    first = sum(one * coef(m)), second = sum(zero * coef(m)), firstVariance = c(one %*% v %*% one), secondVariance = c(zero %*% v %*% zero), covariance = c(one %*% v %*% zero))
}
pairs <- list()
for (s in 1:2) {
  n <- c(7, 15)[s]
  x <- round(rnorm(n, 0, 4), 3); y <- round(1.1 + 0.9 * x + rnorm(n), 3)
  m <- lm(y ~ x); v <- vcovCR(m, cluster = 1:n, type = "CR2"); t <- coef_test(m, vcov = v, test = "Satterthwaite")
  pairs[[s]] <- list(y = y, x = x, value = t$beta[1], error = t$SE[1], degrees = t$df_Satt[1], p = t$p_Satt[1])
}
cat(toJSON(list(tool = paste("R", getRversion(), "clubSandwich", packageVersion("clubSandwich")), made = as.character(Sys.Date()), script = "ancova.R", sets = sets, pairs = pairs), auto_unbox = TRUE, digits = NA, pretty = TRUE))
