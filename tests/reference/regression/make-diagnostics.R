# Part of make.R: diagnostics of linear models. Series are those of linear.json and two of their own.
set.seed(20260403)
t1 <- cumsum(rnorm(120)); t2 <- round(as.numeric(arima.sim(list(ar = 0.5), 120)), 4); t1 <- round(t1, 4); ty <- round(1 + 0.5 * t2 + as.numeric(arima.sim(list(ar = 0.4), 120)), 4)
short <- lm(y ~ x1 + x2 + x3); long <- lm(ty ~ t2)
tests <- function(m, d) {
  dw <- dwtest(m, exact = TRUE, iterations = 40); dn <- dwtest(m, exact = FALSE)
  list(durbinWatson = c(dw$statistic, dw$p.value), normalP = dn$p.value, breuschGodfrey1 = { b <- bgtest(m, 1); c(b$statistic, b$p.value) }, breuschGodfrey4 = { b <- bgtest(m, 4); c(b$statistic, b$p.value) },
       ljungBox = { b <- Box.test(residuals(m), 6, "Ljung-Box"); c(b$statistic, b$p.value) }, breuschPagan = { b <- bptest(m); c(b$statistic, b$p.value) },
       reset = { b <- resettest(m, 2:3, "fitted"); c(b$statistic, b$p.value) })
}
white <- { q <- resid(short)^2; a <- lm(q ~ (x1 + x2 + x3)^2 + I(x1^2) + I(x2^2)); s <- 60 * summary(a)$r.squared; c(s, pchisq(s, 8, lower.tail = FALSE)) }
fg <- factor(c("a", "b", "c")[1 + (g %% 3)]); vm <- lm(y ~ x1 + x2 + fg); vg <- vif(vm)
write_json("diagnostics.json", list(t1 = t1, t2 = t2, ty = ty, short = tests(short), long = tests(long), white = white, vif = vif(short), gvif = vg[, 1],
  acf = acf(ty, 5, plot = FALSE)$acf[2:6], poly = as.numeric(poly(x2, 3))[1:180], splineFitted = fitted(lm(ty ~ splines::ns(t2, knots = quantile(unique(t2), c(.25, .5, .75)), Boundary.knots = range(t2)))),
  cook = cooks.distance(short), rstudent = rstudent(short), dfbetas = as.numeric(t(dfbetas(short)))))

# Other questions than the mean
ry <- y; ry[c(5, 40)] <- ry[c(5, 40)] + c(25, -30)
rl <- rlm(ry ~ x1 + x2 + x3, k = 1.345, maxit = 500, acc = 1e-14, method = "M", scale.est = "MAD"); rs <- summary(rl)
rw <- local({ X <- model.matrix(rl); u <- residuals(rl); k <- 1.345 * rl$s; psi <- pmax(-k, pmin(k, u)); D <- abs(u) <= k; B <- solve(crossprod(X * D)); h <- D * rowSums((X %*% B) * X)
  stopifnot(all.equal(B %*% crossprod(X * psi) %*% B, sandwich(rl), check.attributes = FALSE)); sqrt(diag(B %*% crossprod(X * psi / (1 - h)) %*% B)) })
q <- function(t) { m <- rq(y ~ x1 + x2, tau = t); s <- summary(m, se = "nid")$coefficients; list(coefficients = s[, 1], errors = s[, 2], objective = m$rho) }
mc <- 1 + (rank(y + 2 * x2) > 20) + (rank(y - x2) > 38); mm <- multinom(factor(mc) ~ I(x1 - 1000) + x2, trace = FALSE, maxit = 5000, reltol = 1e-16, abstol = 1e-16)
write_json("others.json", list(y = y, ry = ry, x1 = x1, x2 = x2, x3 = x3, classes = mc - 1, huber = list(coefficients = coef(rl), errors = rs$coefficients[, 2], robust = rw, scale = rl$s),
  q50 = q(0.5), q90 = q(0.9), q25 = q(0.25), multinomial = list(coefficients = as.numeric(t(coef(mm))), errors = as.numeric(t(summary(mm)$standard.errors)), logLik = as.numeric(logLik(mm)))))
