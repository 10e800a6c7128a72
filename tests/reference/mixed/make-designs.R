# Reference values of factorial and repeated designs: car (type II, HC3), stats (Greenhouse-Geisser, Huynh-Feldt), lmerTest; written to designs.json.
# Run: Rscript make-designs.R    (in this folder)
suppressPackageStartupMessages({library(car); library(lme4); library(lmerTest); library(sandwich); library(jsonlite)})
out <- list(tool = paste("R", getRversion(), "car", packageVersion("car"), "lmerTest", packageVersion("lmerTest")), date = as.character(Sys.Date()))

# Two factors between, unbalanced, unequal spread.
set.seed(31)
a <- factor(rep(c("a1", "a2", "a3"), times = c(25, 30, 22))); b <- factor(sample(c("b1", "b2"), 77, TRUE, c(0.6, 0.4)))
y <- round(10 + as.integer(a) + 2 * (b == "b2") + 1.5 * (a == "a3") * (b == "b2") + rnorm(77, 0, as.integer(a)), 3)
m <- lm(y ~ a * b); V <- vcovHC(m, "HC3"); t <- Anova(m, type = 2, white.adjust = "hc3"); classic <- Anova(m, type = 2)
# Estimated marginal means: equal weights over the levels of the other factor.
emm <- function(grid, by) { X <- model.matrix(delete.response(terms(m)), grid); do.call(rbind, lapply(split(seq_len(nrow(grid)), grid[[by]]), function(i) {
  l <- colMeans(X[i, , drop = FALSE]); e <- sum(l * coef(m)); s <- sqrt(drop(t(l) %*% V %*% l)); data.frame(mean = e, se = s, low = e - qt(.975, m$df.residual) * s, high = e + qt(.975, m$df.residual) * s) })) }
grid <- expand.grid(a = levels(a), b = levels(b))
simple <- do.call(rbind, lapply(levels(b), function(l) { X <- model.matrix(delete.response(terms(m)), data.frame(a = factor(levels(a), levels(a)), b = factor(l, levels(b)))); L <- rbind(X[2, ] - X[1, ], X[3, ] - X[1, ])
  w <- drop(t(L %*% coef(m)) %*% solve(L %*% V %*% t(L)) %*% (L %*% coef(m))) / 2; data.frame(f = w, p = pf(w, 2, m$df.residual, lower = FALSE)) }))
out$between <- list(y = y, a = as.integer(a), b = as.integer(b), df = m$df.residual, F = t$F[1:3], p = t$`Pr(>F)`[1:3], classicalF = classic$`F value`[1:3], emmA = emm(grid, "a"), emmB = emm(grid, "b"), simple = simple)

# One factor within: 14 units, 4 conditions, spread that grows.
set.seed(32)
n <- 14; W <- sapply(1:4, function(k) round(20 + 0.8 * k + rnorm(n, 0, 0.7 * k), 3)) + round(rnorm(n, 0, 3), 3)
mlm <- lm(W ~ 1); s <- anova(mlm, X = ~1, test = "Spherical")
long <- data.frame(y = as.vector(W), cond = factor(rep(1:4, each = n)), u = factor(rep(1:n, 4)))
mod <- lmerTest::lmer(y ~ cond + (1 | u), long); an <- anova(mod)
out$within <- list(wide = lapply(1:4, function(k) W[, k]), F = s$F[1], df1 = s$`num Df`[1], df2 = s$`den Df`[1], p = s$`Pr(>F)`[1], gg = attr(s, "heading"), pGG = s$`G-G Pr`[1], pHF = s$`H-F Pr`[1],
  lmerF = an$`F value`[1], lmerDf = an$DenDF[1])
SSD <- SSD(mlm); tr <- function(M) sum(diag(M)); P <- contr.helmert(4); P <- apply(P, 2, function(v) v / sqrt(sum(v^2))); S <- t(P) %*% (SSD$SSD / SSD$df) %*% P
out$within$epsilonGG <- tr(S)^2 / (3 * sum(S^2)); out$within$epsilonHF <- (n * 3 * out$within$epsilonGG - 2) / (3 * ((n - 1) - 3 * out$within$epsilonGG))
out$within$gg <- NULL

# Mixed designs: tests of terms that are not contained in others, given the rest (type II on the covariance, as car's Anova), F by lmerTest.
two <- function(f) {
  V <- as.matrix(vcov(f)); x <- model.matrix(f); asg <- attr(x, "assign"); b <- fixef(f)
  L <- function(term, rel) { R <- matrix(0, length(term), length(b)); for (i in seq_along(term)) R[i, term[i]] <- 1
    if (length(rel)) R[, rel] <- -V[term, rel, drop = FALSE] %*% solve(V[rel, rel]); R }
  i1 <- which(asg == 1); i2 <- which(asg == 2); i3 <- which(asg == 3)
  r <- lapply(list(L(i1, i3), L(i2, i3), L(i3, integer(0))), function(l) { t <- lmerTest::contestMD(f, l); list(f = t$`F value`, numerator = t$NumDF, denominator = t$DenDF, p = t$`Pr(>F)`) })
  cz <- Anova(f, type = 2)
  list(tests = r, carChisq = cz$Chisq, sigma = sigma(f), df = summary(f)$coefficients[, "df"])
}
set.seed(33)
u <- rep(1:26, each = 3); arm <- rep(sample(c("control", "drug"), 26, TRUE), each = 3); time <- rep(c("t1", "t2", "t3"), 26)
y <- round(50 + rnorm(26, 0, 4)[u] + 2 * (time == "t2") + 3 * (time == "t3") + 2.5 * (arm == "drug") * (time == "t3") + rnorm(78, 0, 2), 2)
keep <- sort(sample(78, 71)); d <- data.frame(y, arm = factor(arm), time = factor(time), u = factor(u))[keep, ]
f <- lmerTest::lmer(y ~ arm * time + (1 | u), d)
out$split <- c(list(y = d$y, arm = as.character(d$arm), time = as.character(d$time), u = as.integer(as.character(d$u))), two(f))
set.seed(34)
e <- expand.grid(u = 1:18, a = c("a1", "a2"), b = c("b1", "b2", "b3"))
e$y <- round(30 + rnorm(18, 0, 3)[e$u] + rnorm(36, 0, 1.5)[e$u + 18 * (e$a == "a2")] + rnorm(54, 0, 1.5)[e$u + 18 * (as.integer(e$b) - 1)] + 1.5 * (e$a == "a2") + as.integer(e$b) + rnorm(108, 0, 1.5), 2)
e$ua <- interaction(e$u, e$a); e$ub <- interaction(e$u, e$b)
f <- lmerTest::lmer(y ~ a * b + (1 | u) + (1 | ua) + (1 | ub), e)
an <- anova(f, type = 2)
out$crossed <- c(list(y = e$y, a = as.character(e$a), b = as.character(e$b), u = e$u, lmerTestF = an$`F value`, lmerTestDen = an$DenDF), two(f))
write_json(out, "designs.json", digits = 17, auto_unbox = TRUE)
