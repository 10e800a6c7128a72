# Part of make.R: generalised linear models.
set.seed(20260402)
n <- 150
x <- round(rnorm(n), 4); z <- round(50 + 10 * runif(n), 3); f <- rep(c(0, 1), length.out = n); w <- sample(1:5, n, TRUE); off <- round(runif(n, -0.5, 0.5), 3); cl <- rep(1:15, each = 10)
yb <- rbinom(n, 1, plogis(-0.5 + 0.8 * x + 0.03 * (z - 55) - 0.5 * f)); ys <- rbinom(n, w, plogis(-0.5 + 0.8 * x)) / w
yp <- rpois(n, exp(0.3 + 0.4 * x + off)); yg <- round(rgamma(n, 3, 3 / exp(1 + 0.3 * x)), 4); yn <- rnbinom(n, mu = exp(1 + 0.4 * x), size = 1.7)
d <- data.frame(x, z, f, w, off, cl, yb, ys, yp, yg, yn)
limits <- function(m, j) { # likelihood-ratio interval, each end by uniroot on refits
  mm <- model.matrix(m); o <- if (is.null(m$offset)) rep(0, n) else m$offset; b <- coef(m)[j]; s <- sqrt(vcov(m)[j, j]); disp <- if (m$family$family %in% c("binomial", "poisson") || grepl("Negative", m$family$family)) 1 else summary(m)$dispersion
  cut <- if (disp == 1) qnorm(.975)^2 else qt(.975, m$df.residual)^2
  h <- function(v) (glm.fit(mm[, -j, drop = FALSE], m$y, weights = m$prior.weights, family = m$family, offset = o + v * mm[, j], control = glm.control(epsilon = 1e-14, maxit = 200))$deviance - m$deviance) / disp - cut
  c(uniroot(h, c(b - 6 * s, b), tol = 1e-11)$root, uniroot(h, c(b, b + 6 * s), tol = 1e-11)$root)
}
gblock <- function(m) {
  for (i in 1:3) { b <- coef(m); m <- eval(bquote(update(m, start = .(b)))) } # R's weights lag one step behind its coefficients; starting at the solution removes the lag
  s <- summary(m)
  list(coefficients = coef(m), errors = se(vcov(m)), deviance = m$deviance, nullDeviance = m$null.deviance, pearson = sum(residuals(m, "pearson")^2), dispersion = s$dispersion,
       logLik = as.numeric(logLik(m)), aic = AIC(m), hc0 = se(vcovHC(m, "HC0")), hc3 = se(vcovHC(m, "HC3")), cr1 = se(vcovCL(m, cl, type = "HC1")), p = coef(s)[, 4],
       cr2 = se(vcovCR(m, cluster = cl, type = "CR2")), leverage = as.numeric(hatvalues(m))[1:10], devianceResiduals = as.numeric(residuals(m, "deviance"))[1:10], profile = limits(m, 2))
}
ctl <- glm.control(epsilon = 1e-15, maxit = 200)
nb <- glm.nb(yn ~ x + z, data = d, control = glm.control(epsilon = 1e-14, maxit = 400)); th <- nb$theta
nb0 <- glm(yn ~ x + z, family = negative.binomial(2.5), data = d, control = ctl)
firthll <- function(b, X, y) { e <- X %*% b; p <- plogis(e); sum(y * e - log1p(exp(e))) + 0.5 * determinant(crossprod(X * sqrt(as.numeric(p * (1 - p)))))$modulus }
sx <- c(-3, -2.2, -1.5, -1, -0.6, 0.4, 0.9, 1.6, 2.1, 3); sz <- c(1, 0, 1, 1, 0, 1, 0, 0, 1, 0); sy <- as.numeric(sx > 0)
X <- cbind(1, sx, sz); o <- optim(c(0, 1, 0), function(b) -firthll(b, X, sy), method = "BFGS", control = list(reltol = 1e-16, maxit = 5000))
for (r in 1:5) o <- optim(o$par, function(b) -firthll(b, X, sy), method = "Nelder-Mead", control = list(reltol = 1e-17, maxit = 20000))
best <- -o$value
prof <- function(v) { q <- function(b) -firthll(c(b[1], v, b[2]), X, sy); a <- optim(o$par[c(1, 3)], q, method = "BFGS", control = list(reltol = 1e-16)); for (r in 1:3) a <- optim(a$par, q, method = "Nelder-Mead", control = list(reltol = 1e-16, maxit = 5000)); 2 * (best + a$value) - qchisq(.95, 1) }
firthLimits <- c(uniroot(prof, c(-1, o$par[2]), tol = 1e-9)$root, uniroot(prof, c(o$par[2], o$par[2] + 8), tol = 1e-9)$root)
gamma_inverse <- glm(yg ~ x, family = Gamma, data = d, control = ctl)
write_json("glm.json", c(lapply(d, many), list(
  logit = gblock(glm(yb ~ x + z + f, family = binomial, data = d, control = ctl)), probit = gblock(glm(yb ~ x + z + f, family = binomial("probit"), data = d, control = ctl)),
  shares = gblock(glm(ys ~ x + z, family = binomial, weights = w, data = d, control = ctl)), poisson = gblock(glm(yp ~ x + z + offset(off), family = poisson, data = d, control = ctl)),
  gamma = gblock(glm(yg ~ x + z, family = Gamma("log"), data = d, control = ctl)), gammaInverse = list(coefficients = coef(gamma_inverse), errors = se(vcov(gamma_inverse)), deviance = gamma_inverse$deviance),
  quasi = { m <- glm(yn ~ x + z, family = quasipoisson, data = d, control = ctl); list(coefficients = coef(m), errors = se(vcov(m)), p = coef(summary(m))[, 4], dispersion = summary(m)$dispersion) },
  fixedTheta = gblock(nb0), negbin = list(coefficients = coef(nb), errors = se(vcov(nb)), theta = th, logLik = as.numeric(logLik(nb)), deviance = nb$deviance, aic = AIC(nb)),
  firth = list(x = sx, z = sz, y = sy, coefficients = o$par, limits = firthLimits))))
