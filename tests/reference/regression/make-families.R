# Reference values for smooths, autoregressive errors, Bell-McCaffrey degrees of freedom and Tweedie densities. Run: Rscript make-families.R (writes families.json beside it).
suppressMessages({library(mgcv); library(nlme); library(sandwich); library(clubSandwich)})
num <- function(v) paste0("[", paste(sprintf("%.17g", as.numeric(v)), collapse = ", "), "]")
one <- function(v) if (is.character(v)) paste0('"', v, '"') else if (is.list(v)) obj(v) else if (length(v) == 1 && is.null(attr(v, "many"))) sprintf("%.17g", v) else num(v)
obj <- function(l) paste0("{", paste(mapply(function(n, v) paste0('"', n, '": ', one(v)), names(l), l), collapse = ",\n "), "}")
set.seed(20261122)

## smooths: one, then two with a straight column; and one that is straight in truth
n <- 150
x <- round(runif(n), 4); u <- round(rnorm(n, 50, 10), 3); z <- round(rnorm(n), 4)
y <- round(sin(2 * pi * x) + 0.02 * (u - 50) + 0.5 * z + rnorm(n) * 0.3, 4)
at <- data.frame(x = c(-0.2, 0.03, 0.5, 0.97, 1.3), u = c(20, 40, 50, 60, 90), z = c(0, 1, 0, -1, 0.5))
smooth <- function(m) {
  s <- summary(m); p <- predict(m, at, se.fit = TRUE)
  list(coefficients = m$coefficients[seq_len(m$nsdf)], errors = sqrt(diag(m$Vp))[seq_len(m$nsdf)], edf = { e <- s$edf; attr(e, "many") <- TRUE; e }, dispersion = m$sig2, reml = as.numeric(m$gcv.ubre),
       fitted = fitted(m), at = as.numeric(p$fit), atError = as.numeric(p$se.fit), smoothP = { e <- s$s.table[, 4]; attr(e, "many") <- TRUE; e })
}
one_s <- gam(y ~ s(x, bs = "cr", k = 10), method = "REML")
two_s <- gam(y ~ z + s(x, bs = "cr", k = 10) + s(u, bs = "cr", k = 8), method = "REML")

## autoregressive errors
tt <- 1:60; e <- as.numeric(arima.sim(list(ar = 0.6), 60)); w <- round(0.05 * tt + cumsum(rnorm(60)) * 0.2, 4)
ya <- round(2 + 0.1 * tt + 0.8 * w + e, 4)
ar <- function(p, method = "ML") {
  m <- gls(ya ~ tt + w, correlation = corARMA(p = p, q = 0), method = method)
  list(coefficients = coef(m), errors = sqrt(diag(vcov(m))) , phi = { v <- coef(m$modelStruct$corStruct, unconstrained = FALSE); attr(v, "many") <- TRUE; v }, logLik = as.numeric(logLik(m)), table = summary(m)$tTable[, 2])
}
pw <- { X <- cbind(1, tt, w); b <- solve(crossprod(X), crossprod(X, ya)); rho <- 0
  for (i in 1:500) { r <- as.numeric(ya - X %*% b); rho <- sum(r[-1] * r[-60]) / sum(r[-60]^2)
    P <- function(v) c(sqrt(1 - rho^2) * v[1], v[-1] - rho * v[-60]); XX <- apply(X, 2, P); yy <- P(ya); b <- solve(crossprod(XX), crossprod(XX, yy)) }
  s2 <- sum((yy - XX %*% b)^2) / 57; list(coefficients = as.numeric(b), errors = sqrt(diag(solve(crossprod(XX)) * s2)), rho = rho) }

## Bell-McCaffrey: CR2 with every row its own cluster
nb <- 25; xb <- round(rexp(nb)^2, 4); gb <- as.numeric(seq_len(nb) <= 3); yb <- round(1 + 0.3 * xb + rnorm(nb) * (0.5 + xb), 4); wb <- round(runif(nb, 0.5, 2), 3)
mb <- lm(yb ~ xb + gb); ct <- coef_test(mb, vcov = vcovCR(mb, cluster = seq_len(nb), type = "CR2"), test = "Satterthwaite")
bm <- list(x = xb, g = gb, y = yb, errors = ct$SE, degrees = ct$df_Satt, p = ct$p_Satt, hc2 = sqrt(diag(vcovHC(mb, "HC2"))))

## Tweedie densities
grid <- expand.grid(y = c(0, 0.01, 0.5, 3, 40, 900), mu = c(0.3, 5, 300), phi = c(0.05, 1, 20), p = c(1.05, 1.5, 1.9))
density <- mapply(function(y, mu, phi, p) ldTweedie(y, mu = mu, p = p, phi = phi)[1, 1], grid$y, grid$mu, grid$phi, grid$p)

cat(obj(list(x = x, u = u, z = z, y = y, at = list(x = at$x, u = at$u, z = at$z), oneSmooth = smooth(one_s), twoSmooths = smooth(two_s),
  t = tt, w = w, ya = ya, ar1 = ar(1), ar2 = ar(2), ar1Restricted = ar(1, "REML"), praisWinsten = pw, bellMcCaffrey = bm,
  tweedie = list(y = grid$y, mu = grid$mu, phi = grid$phi, p = grid$p, density = density),
  tool = paste0("R ", getRversion(), ", mgcv ", packageVersion("mgcv"), ", nlme ", packageVersion("nlme"), ", clubSandwich ", packageVersion("clubSandwich"), ", sandwich ", packageVersion("sandwich")),
  script = "make-families.R", made = format(Sys.Date()))), "\n", file = "families.json", sep = "")
