# Two-part metrics, mean times without an event and a surrogate index where clusters were assigned.
# Two-part: lm with clubSandwich CR2 and Satterthwaite; both parts at once by Wald_test "HTZ" on the stacked regressions; logs by the delta method on the arms' CR2 variances.
# Times: residuals(survfit, type = "auc") make each unit's contribution to its arm's restricted mean; lm of the contributions on the arm with CR2. Hazard ratio: coxph(cluster =).
# Index: lm of the history with CR2 by its clusters; the index of the experiment by CR2; both variances added, Satterthwaite 1946 for the degrees of freedom.
# Rscript tests/reference/interference/parts.R > tests/reference/interference/parts.json
suppressMessages({library(clubSandwich); library(survival)})
i <- 0:1439
zone <- ifelse(i %% 24 < 20, i %% 24, i %% 5)          # unequal sizes
arm <- zone %% 2
any <- as.numeric((i * 37) %% 101 < 25 + 6 * arm + zone)
spend <- any * (1 + ((i * 31) %% 89) / 10 + zone / 6 + 0.4 * arm)
show <- function(b, se, df) sprintf('{ "value": %.15g, "error": %.15g, "low": %.15g, "high": %.15g, "p": %.15g, "degrees": %.15g }', b, se, b - qt(.975, df) * se, b + qt(.975, df) * se, 2 * pt(-abs(b / se), df), df)
diff_of <- function(y, a, z, log = FALSE) {
  m <- lm(y ~ a); v <- vcovCR(m, cluster = z, type = "CR2")
  t <- coef_test(m, vcov = v, test = "Satterthwaite"); df <- if (!is.null(t$df_Satt)) t$df_Satt[2] else t$df[2]
  if (!log) return(show(coef(m)[2], t$SE[2], df))
  m1 <- sum(coef(m)); m0 <- coef(m)[1]; v0 <- v[1, 1]; v1 <- sum(v)
  show(base::log(m1 / m0), sqrt(v1 / m1^2 + v0 / m0^2), df)
}
d <- data.frame(y = c(any, spend[any == 1]), part = factor(c(rep("s", length(i)), rep("a", sum(any)))), arm = c(arm, arm[any == 1]), zone = c(zone, zone[any == 1]))
stack <- lm(y ~ 0 + part + part:arm, d)
joint <- Wald_test(stack, constraints = constrain_zero(3:4), vcov = vcovCR(stack, cluster = d$zone, type = "CR2"), test = "HTZ")

time <- 1 + (i * 41) %% 60 + zone / 4 + 5 * arm
cut <- 20 + (i * 17) %% 50
seen <- pmin(time, cut); ended <- as.numeric(time <= cut); horizon <- 40
value <- numeric(length(i))
for (a in 0:1) {
  k <- arm == a
  f <- survfit(Surv(seen[k], ended[k]) ~ 1)
  r <- residuals(f, times = horizon, type = "auc")
  s <- summary(f, rmean = horizon)$table
  value[k] <- s[["rmean"]] + sum(k) * as.numeric(r)
}
# Six decimals of a summary are too few: the mean itself from the steps.
rm <- function(k) { f <- survfit(Surv(seen[k], ended[k]) ~ 1); t <- f$time[f$time < horizon]; s <- f$surv[f$time < horizon]; sum(diff(c(0, t, horizon)) * c(1, s)) }
for (a in 0:1) { k <- arm == a; value[k] <- value[k] - mean(value[k]) + rm(k) }
cox <- summary(coxph(Surv(seen, ended) ~ arm, cluster = zone))$coefficients
change <- tapply(residuals(coxph(Surv(seen, ended) ~ arm), type = "dfbeta"), zone, sum)
size <- table(zone); of <- tapply(arm, zone, mean)
corrected <- sqrt(sum(change^2 / (1 - size / ifelse(of == 1, sum(arm), sum(1 - arm)))))

h <- 0:899; hz <- h %% 18
hv <- (h * 7) %% 10; hs <- (h * 13) %% 4
hy <- 0.1 + 0.05 * hv + 0.03 * hs + ((h * 29) %% 31) / 100 + hz / 200
past <- lm(hy ~ hv + hs)
V <- vcovCR(past, cluster = hz, type = "CR2")
hd <- coef_test(past, vcov = V, test = "Satterthwaite"); hdf <- if (!is.null(hd$df_Satt)) hd$df_Satt else hd$df
visits <- (i * 11) %% 10 + arm + zone / 10; shares <- (i * 19) %% 4
index <- as.numeric(cbind(1, visits, shares) %*% coef(past))
m <- lm(index ~ arm); t <- coef_test(m, vcov = vcovCR(m, cluster = zone, type = "CR2"), test = "Satterthwaite"); df <- if (!is.null(t$df_Satt)) t$df_Satt[2] else t$df[2]
g <- c(0, mean(visits[arm == 1]) - mean(visits[arm == 0]), mean(shares[arm == 1]) - mean(shares[arm == 0]))
v1 <- t$SE[2]^2; v2 <- as.numeric(t(g) %*% as.matrix(V) %*% g); d2 <- min(hdf[2:3])
whole <- show(coef(m)[2], sqrt(v1 + v2), (v1 + v2)^2 / (v1^2 / df + v2^2 / d2))
cat(sprintf('{ "tool": "%s, clubSandwich %s, survival %s", "date": "2026-11-23",\n  "share": %s,\n  "amount": %s,\n  "mean": %s,\n  "log share": %s,\n  "log amount": %s,\n  "log mean": %s,\n  "joint": { "f": %.15g, "degrees": %.15g, "p": %.15g },\n  "restricted": %s,\n  "cox": { "log": %.15g, "robust": %.15g, "corrected": %.15g },\n  "index": %s, "model error": %.15g }\n',
  R.version.string, packageVersion("clubSandwich"), packageVersion("survival"), diff_of(any, arm, zone), diff_of(spend[any == 1], arm[any == 1], zone[any == 1]), diff_of(spend, arm, zone),
  diff_of(any, arm, zone, TRUE), diff_of(spend[any == 1], arm[any == 1], zone[any == 1], TRUE), diff_of(spend, arm, zone, TRUE),
  joint$Fstat, joint$df_denom, joint$p_val, diff_of(value, arm, zone), cox[1, "coef"], cox[1, "robust se"], corrected, whole, sqrt(v2)))
