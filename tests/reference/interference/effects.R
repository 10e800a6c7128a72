# Effects on three outcomes at once with their covariance by cluster: multivariate lm, clubSandwich CR2 where clusters were assigned, CR1 where they hold both arms.
# Rscript tests/reference/interference/effects.R > tests/reference/interference/effects.json
suppressMessages(library(clubSandwich))
i <- 0:479
zone <- ifelse(i %% 20 < 16, i %% 20, i %% 5)
y <- cbind(1 + (i * 37) %% 11 + zone / 3, (i * 13) %% 7 - zone / 5, ((i * 29) %% 23) / 5 + (zone %% 3))
one <- function(arm, type) {
  z <- y + cbind(0.5 * arm, -0.2 * arm, 0.1 * arm)
  m <- lm(z ~ arm)
  v <- as.matrix(vcovCR(m, cluster = zone, type = type))
  at <- c(2, 4, 6)
  sprintf('{ "effects": [%s], "covariance": [%s] }', paste(sprintf("%.15g", coef(m)[2, ]), collapse = ", "), paste(sprintf("%.15g", t(v[at, at])), collapse = ", "))
}
cat(sprintf('{ "tool": "%s, clubSandwich %s", "date": "2026-11-23",\n  "assigned": %s,\n  "mixed": %s }\n', R.version.string, packageVersion("clubSandwich"), one(zone %% 2, "CR2"), one((i %/% 3) %% 2, "CR1")))
