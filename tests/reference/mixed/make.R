# Reference values of linear mixed models: R lme4, lmerTest (degrees of freedom), written to mixed.json.
# Run: Rscript make.R    (in this folder)
suppressPackageStartupMessages({library(lme4); library(lmerTest); library(jsonlite); library(numDeriv)})

# lme4's optimiser stops within about 1e-5 of the optimum; Newton steps on its own deviance function go the rest.
exact <- function(fn, par, lower, upper, control) {
  o <- lme4::nloptwrap(par = par, fn = fn, lower = lower, upper = upper, control = list(xtol_abs = 1e-10, ftol_abs = 1e-12, maxeval = 1e5))
  x <- o$par
  for (k in 1:4) {
    if (any(x - lower < 1e-3)) break
    g <- numDeriv::grad(fn, x); h <- numDeriv::hessian(fn, x)
    x <- x - solve(h, g)
  }
  list(par = x, fval = fn(x), conv = 0, message = "polished")
}
control <- lmerControl(optimizer = "exact", calc.derivs = FALSE, check.conv.singular = "ignore")

one <- function(formula, data, reml = TRUE, weights = NULL, joint = list()) {
  if (is.null(weights)) {
    f <- lmerTest::lmer(formula, data, REML = reml, control = control)
  } else {
    data$.w <- weights
    f <- lmerTest::lmer(formula, data, REML = reml, control = control, weights = .w)
  }
  s <- summary(f)$coefficients
  v <- as.data.frame(VarCorr(f))
  r <- as.data.frame(ranef(f, condVar = TRUE))
  fixedvar <- var(as.vector(model.matrix(f) %*% fixef(f)))
  tests <- lapply(joint, function(idx) {
    L <- diag(length(fixef(f)))[idx, , drop = FALSE]
    t <- lmerTest::contestMD(f, L)
    list(index = I(idx - 1), f = t$`F value`, numerator = t$NumDF, denominator = t$DenDF, p = t$`Pr(>F)`)
  })
  list(names = names(fixef(f)), beta = as.vector(s[, "Estimate"]), se = as.vector(s[, "Std. Error"]), df = as.vector(s[, "df"]), p = as.vector(s[, "Pr(>|t|)"]),
       criterion = if (reml) REMLcrit(f) else as.numeric(-2 * logLik(f)), aic = AIC(f), sigma = sigma(f),
       components = data.frame(group = v$grp, var1 = ifelse(is.na(v$var1), "", v$var1), var2 = ifelse(is.na(v$var2), "", v$var2), vcov = v$vcov, sdcor = v$sdcor),
       ranef = data.frame(group = as.character(r$grpvar), term = as.character(r$term), level = as.character(r$grp), value = r$condval, sd = r$condsd),
       residual = as.vector(residuals(f))[1:5], fixedVariance = fixedvar, tests = tests)
}

out <- list(tool = paste("R", getRversion(), "lme4", packageVersion("lme4"), "lmerTest", packageVersion("lmerTest")), date = as.character(Sys.Date()))
data(sleepstudy); data(Penicillin); data(Pastes); data(cake)
out$sleepstudy <- list(y = sleepstudy$Reaction, days = sleepstudy$Days, subject = as.integer(sleepstudy$Subject),
  slope = one(Reaction ~ Days + (Days | Subject), sleepstudy, joint = list(c(1, 2))),
  slopeMl = one(Reaction ~ Days + (Days | Subject), sleepstudy, reml = FALSE),
  uncorrelated = one(Reaction ~ Days + (Days || Subject), sleepstudy),
  intercept = one(Reaction ~ Days + (1 | Subject), sleepstudy))
out$penicillin <- list(y = Penicillin$diameter, plate = as.integer(Penicillin$plate), sample = as.integer(Penicillin$sample), fit = one(diameter ~ 1 + (1 | plate) + (1 | sample), Penicillin))
Pastes$both <- interaction(Pastes$batch, Pastes$cask, drop = TRUE)
out$pastes <- list(y = Pastes$strength, batch = as.integer(Pastes$batch), sample = as.integer(Pastes$sample), fit = one(strength ~ 1 + (1 | batch) + (1 | sample), Pastes),
  fitMl = one(strength ~ 1 + (1 | batch) + (1 | sample), Pastes, reml = FALSE))
cake$group <- interaction(cake$recipe, cake$replicate, drop = TRUE)
contrasts(cake$temperature) <- contr.treatment(6)
out$cake <- list(y = cake$angle, recipe = as.integer(cake$recipe), temperature = as.integer(cake$temperature), group = as.integer(cake$group),
  fit = one(angle ~ recipe + factor(temperature, ordered = FALSE) + (1 | group), cake, joint = list(2:3, 4:8)))

# Unbalanced and weighted: 37 groups of 1 to 12 rows, slope and intercept correlated, a covariate between groups.
set.seed(11)
sizes <- sample(1:12, 37, replace = TRUE); g <- rep(1:37, sizes); n <- length(g)
x <- round(rnorm(n, 2010, 6), 1); between <- round(rnorm(37), 2)[g]; w <- round(runif(n, 0.5, 3), 2)
b0 <- rnorm(37, 0, 2)[g]; b1 <- rnorm(37, 0, 0.25)[g]
y <- round(5 + 0.3 * (x - 2010) + between + b0 + b1 * (x - 2010) + rnorm(n, 0, 1.5 / sqrt(w)), 3)
d <- data.frame(y, x = x - 2010, between, g = factor(g))
out$unbalanced <- list(y = y, x = x, between = between, g = g, w = w,
  fit = one(y ~ x + between + (x | g), d, joint = list(2:3)), weighted = one(y ~ x + between + (x | g), d, weights = w, joint = list(2:3, 1:3)))

# Crossed with a slope: 24 raters by 30 items, 60 % of the cells, slope of a between-items number per rater.
set.seed(12)
cells <- expand.grid(rater = 1:24, item = 1:30); cells <- cells[sort(sample(nrow(cells), 430)), ]
load <- round(rnorm(30), 2); cells$load <- load[cells$item]; cells$day <- round(runif(nrow(cells), 0, 5), 1)
cells$y <- round(50 + 2 * cells$load - cells$day + rnorm(24, 0, 3)[cells$rater] + rnorm(24, 0, 1)[cells$rater] * cells$load + rnorm(30, 0, 2)[cells$item] + rnorm(430, 0, 2.5), 2)
out$crossed <- list(y = cells$y, load = cells$load, day = cells$day, rater = cells$rater, item = cells$item,
  fit = one(y ~ load + day + (load | rater) + (1 | item), cells, joint = list(2:3)))

# Nested three deep, unbalanced.
set.seed(13)
school <- rep(1:9, times = sample(20:60, 9)); n <- length(school); class <- school * 10 + sample(1:4, n, replace = TRUE)
pupil <- class * 100 + sample(1:6, n, replace = TRUE); hours <- round(runif(n, 0, 10), 1)
y <- round(100 + 1.2 * hours + rnorm(9, 0, 4)[school] + rnorm(100, 0, 3)[class] + rnorm(10000, 0, 2)[pupil] + rnorm(n, 0, 3), 2)
d <- data.frame(y, hours, school = factor(school), class = factor(class), pupil = factor(pupil))
out$nested <- list(y = y, hours = hours, school = school, class = class, pupil = pupil, fit = one(y ~ hours + (1 | school) + (1 | class) + (1 | pupil), d))

# Profile intervals straight from the definition: lme4's deviance function at given standard deviations, minimised over the others, root by uniroot.
profiles <- function(formula, data, reml, slope) {
  f <- lme4::lmer(formula, data, REML = reml, control = control)
  fn <- update(f, devFunOnly = TRUE); e <- environment(fn)
  p <- length(fixef(f)); n <- nrow(data); nmp <- if (reml) n - p else n
  dev <- function(theta, sigma) {
    fn(theta)
    ld <- e$pp$ldL2() + if (reml) e$pp$ldRX2() else 0
    ld + nmp * log(2 * pi * sigma^2) + (e$resp$wrss() + e$pp$sqrL(1)) / sigma^2
  }
  natural <- function(v) { # sds first, then the correlation, then sigma
    s <- v[length(v)]
    if (slope) { a <- v[1] / s; b <- v[2] / s; c(a, v[3] * b, b * sqrt(1 - v[3]^2)) } else v[-length(v)] / s
  }
  d <- function(v) dev(natural(v), v[length(v)])
  vc <- as.data.frame(VarCorr(f)); est <- vc$sdcor
  base <- d(est)
  k <- length(est); out <- NULL
  for (j in 1:k) {
    is.cor <- slope && j == 3
    free <- setdiff(1:k, j)
    to <- function(v) { v <- v; if (slope) { if (3 %in% free) v[match(3, free)] <- tanh(v[match(3, free)]) }
      pos <- free != 3 | !slope; v[pos] <- exp(v[pos]); v }
    from <- function(v) { u <- v; pos <- free != 3 | !slope; u[pos] <- log(v[pos]); if (slope && 3 %in% free) u[match(3, free)] <- atanh(v[match(3, free)]); u }
    start <- from(est[free])
    zeta <- function(value) {
      g <- function(u) { v <- est; v[j] <- value; v[free] <- to(u); d(v) }
      best <- Inf; s <- start
      for (r in 1:3) { o <- nlminb(s, g, control = list(rel.tol = 1e-14, x.tol = 1e-10, eval.max = 4000, iter.max = 2000)); if (o$objective < best) { best <- o$objective; s <- o$par } }
      best - base - qchisq(0.95, 1)
    }
    if (is.cor) { lo <- uniroot(zeta, c(-0.999, est[j]), tol = 1e-9)$root; hi <- tryCatch(uniroot(zeta, c(est[j], 0.9999), tol = 1e-9)$root, error = function(e) 1) }
    else {
      hi <- uniroot(zeta, c(est[j], est[j] * 6), tol = 1e-9)$root
      lo <- if (zeta(est[j] * 1e-3) < 0) 0 else uniroot(zeta, c(est[j] * 1e-3, est[j]), tol = 1e-9)$root
    }
    out <- rbind(out, data.frame(estimate = est[j], low = lo, high = hi))
  }
  out
}
out$profiles <- list(sleepstudyMl = profiles(Reaction ~ Days + (Days | Subject), sleepstudy, FALSE, TRUE), sleepstudyReml = profiles(Reaction ~ Days + (Days | Subject), sleepstudy, TRUE, TRUE),
  pastesMl = profiles(strength ~ 1 + (1 | batch) + (1 | sample), Pastes, FALSE, FALSE))
# lme4's own intervals interpolate the profile by splines: they agree to about three digits.
m <- lme4::lmer(Reaction ~ Days + (Days | Subject), sleepstudy, REML = FALSE)
ci <- suppressMessages(confint(m, method = "profile", quiet = TRUE))
out$lme4Confint <- list(names = rownames(ci), low = as.vector(ci[, 1]), high = as.vector(ci[, 2]))
l0 <- lme4::lmer(Reaction ~ Days + (1 | Subject), sleepstudy, control = control); l1 <- lme4::lmer(Reaction ~ Days + (Days | Subject), sleepstudy, control = control)
x2 <- REMLcrit(l0) - REMLcrit(l1)
out$boundaryTest <- list(statistic = x2, p = 0.5 * pchisq(x2, 1, lower = FALSE) + 0.5 * pchisq(x2, 2, lower = FALSE))
write_json(out, "mixed.json", digits = 17, auto_unbox = TRUE)
