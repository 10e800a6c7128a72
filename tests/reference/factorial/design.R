# Size of effects of factorial designs: power by R's noncentral F, and by simulation with lm (means) and with a difference of differences of shares (own variances).
# Rscript tests/reference/factorial/design.R > tests/reference/factorial/design.json
set.seed(20261122)
exact <- function(n, cells, u, f, alpha = 0.05) { v <- cells * (n - 1); pf(qf(1 - alpha, u, v), u, v, ncp = f^2 * n * cells, lower.tail = FALSE) }
size <- function(cells, u, f, power) { n <- 2; while (exact(n, cells, u, f) < power) n <- n + 1; n * cells }
f2 <- function(d, sd, levels) sqrt(d^2 / prod(2 * levels)) / sd
rows <- list(
  list(name = "2x2 main", factors = "2x2", effect = "1", sd = 3, mde = 0.5, total = size(4, 1, f2(0.5, 3, 2), .8)),
  list(name = "2x2 interaction", factors = "2x2", effect = "1x2", sd = 3, mde = 0.5, total = size(4, 1, f2(0.5, 3, c(2, 2)), .8)),
  list(name = "2x3 interaction", factors = "2x3", effect = "1x2", sd = 2, mde = 0.7, total = size(6, 2, f2(0.7, 2, c(2, 3)), .8)),
  list(name = "2x2x2 triple", factors = "2x2x2", effect = "1x2x3", sd = 2, mde = 1, total = size(8, 1, f2(1, 2, c(2, 2, 2)), .8)))
# lm: 2x3, the interaction that the plan takes as the least one with this largest difference of differences.
lm.power <- function(total, sims = 4000) {
  n <- total / 6
  a <- factor(rep(0:1, each = 3 * n)); b <- factor(rep(rep(0:2, each = n), 2))
  mu <- 0.7 / 4 * ifelse(a == 1, 1, -1) * c(1, 0, -1)[as.integer(b)]
  mean(replicate(sims, anova(lm(mu + rnorm(total, sd = 2) ~ a * b))["a:b", "Pr(>F)"] < 0.05))
}
# Shares 0.2 in three cells, 0.26 in the fourth; Welch's difference of differences.
share.power <- function(n, sims = 200000) {
  k <- sapply(c(.2, .2, .2, .26), function(p) rbinom(sims, n, p)) / n
  est <- k[, 4] - k[, 3] - k[, 2] + k[, 1]
  se <- sqrt(rowSums(k * (1 - k) / (n - 1)))
  mean(abs(est / se) > qt(.975, 4 * (n - 1)))
}
n <- 1400
cat(sprintf('{ "tool": "%s, qf, pf, lm, rbinom", "date": "2026-11-22", "exact": [%s],\n  "lm": { "total": %d, "power": %.4f, "sims": 4000 },\n  "shares": { "baseline": 0.2, "mde": 0.06, "perCell": %d, "power": %.5f, "sims": 200000 } }\n', R.version.string,
  paste(sapply(rows, function(r) sprintf('\n    { "name": "%s", "factors": "%s", "effect": "%s", "sd": %g, "mde": %g, "total": %d }', r$name, r$factors, r$effect, r$sd, r$mde, as.integer(r$total))), collapse = ","),
  as.integer(rows[[3]]$total), lm.power(rows[[3]]$total), n, share.power(n)))
