# Shares of a funnel, retention, a composite and a quantile where clusters were assigned.
# Funnel and composite: lm with clubSandwich CR2 errors and Satterthwaite degrees of freedom; a share over the step before is lm on those who reached that step (weights 1).
# Quantile: the linearised variance is left to simulation; the quantile itself is that of the mid-distribution.
# Rscript tests/reference/interference/metrics.R > tests/reference/interference/metrics.json
suppressMessages(library(clubSandwich))
i <- 0:1439
zone <- i %% 24
arm <- zone %% 2
view <- as.numeric((i * 37) %% 101 < 70 + 8 * arm)
cart <- view * as.numeric((i * 53) %% 97 < 40 + 6 * arm + zone)
buy <- cart * as.numeric((i * 29) %% 83 < 45)
spend <- ((i * 31) %% 89) / 10 + zone / 6 + 0.4 * arm
cr2 <- function(y, a, z) {
  m <- lm(y ~ a)
  t <- coef_test(m, vcov = vcovCR(m, cluster = z, type = "CR2"), test = "Satterthwaite")
  se <- t$SE[2]; df <- if (!is.null(t$df_Satt)) t$df_Satt[2] else t$df[2]
  b <- t$beta[2]
  sprintf('{ "value": %.15g, "low": %.15g, "high": %.15g, "p": %.15g }', b, b - qt(.975, df) * se, b + qt(.975, df) * se, 2 * pt(-abs(b / se), df))
}
s <- sd(buy[arm == 0]); w <- sd(spend[arm == 0])
oec <- 0.7 * buy / s + 0.3 * spend / w
# Weights by cluster size are those of lm on rows.
cat(sprintf('{ "tool": "%s, clubSandwich %s", "date": "2026-11-22",\n  "view": %s,\n  "cart": %s,\n  "buy": %s,\n  "cart of view": %s,\n  "buy of cart": %s,\n  "oec": %s,\n  "adds buy": %s, "scales": [%.15g, %.15g] }\n',
  R.version.string, packageVersion("clubSandwich"), cr2(view, arm, zone), cr2(cart, arm, zone), cr2(buy, arm, zone), cr2(cart[view == 1], arm[view == 1], zone[view == 1]), cr2(buy[cart == 1], arm[cart == 1], zone[cart == 1]),
  cr2(oec, arm, zone), cr2(0.7 * buy / s, arm, zone), s, w))
