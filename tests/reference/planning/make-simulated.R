# Power of regression coefficients by simulation from a history, with R's own fits: what `design --kind formula` answers.
# Writes history.csv, history-groups.csv (the data that the tests read) and simulated-r.json. Run in this folder: Rscript make-simulated.R
# Needs lme4, lmerTest, MASS, nnet, quantreg, sandwich, statmod.
suppressMessages({library(MASS); library(nnet); library(quantreg); library(sandwich); library(statmod); library(lmerTest)})
set.seed(20261122)
n <- 300
x <- rnorm(n); z <- 0.4 * x + rnorm(n)
y <- 5 + 0.3 * x + 0.5 * z + (1 + 0.5 * abs(x)) * rt(n, 4)
yes <- rbinom(n, 1, plogis(-1 + 0.4 * x + 0.2 * z))
mu <- exp(0.5 + 0.2 * x)
events <- rpois(n, mu); calls <- rnbinom(n, size = 1.5, mu = mu); amount <- rgamma(n, 2, 2 / mu)
paid <- sapply(mu, function(m) { k <- rpois(1, 0.8); if (k) sum(rgamma(k, 1, 1 / m)) else 0 })
eta <- cbind(0, -0.3 + 0.4 * x, -1 + 0.2 * z)
mode <- apply(exp(eta), 1, function(p) sample(c("car", "bus", "train"), 1, prob = p))
t <- runif(n, 0, 10); level <- 20 * (1 - exp(-0.3 * t)) + rnorm(n, sd = 4)
h <- data.frame(x, z, y, yes, events, calls, amount, paid, mode, t, level)
for (v in names(h)) if (is.double(h[[v]])) h[[v]] <- signif(h[[v]], 10)
write.csv(h, "history.csv", row.names = FALSE, quote = FALSE)
g <- expand.grid(day = 0:5, subject = 1:30)
a <- rnorm(30, sd = 2); b <- rnorm(30, sd = 0.5)
g$treat <- g$subject %% 2
g$score <- signif(10 + a[g$subject] + (1 + b[g$subject]) * g$day + 0.8 * g$treat + rnorm(nrow(g), sd = 1.5), 10)
g$subject <- paste0("s", g$subject)
write.csv(g[, c("subject", "day", "treat", "score")], "history-groups.csv", row.names = FALSE, quote = FALSE)
h <- read.csv("history.csv"); g <- read.csv("history-groups.csv")

share <- function(runs, one) {
  p <- vapply(seq_len(runs), function(i) tryCatch(one(), error = function(e) NA_real_, warning = function(w) suppressWarnings(tryCatch(one(), error = function(e) NA_real_))), 0)
  hits <- sum(!is.na(p) & p < 0.05)
  list(power = hits / runs, runs = runs)
}
pick <- function(size) sample.int(n, size, replace = TRUE)
out <- list()

# Least squares, HC3: residuals travel with their rows.
m <- lm(y ~ x + z, h); X <- model.matrix(m); e <- resid(m) * sqrt(n / m$df.residual)
hc3 <- function(f) { se <- sqrt(diag(vcovHC(f, "HC3")))["x"]; 2 * pt(-abs(coef(f)["x"] / se), f$df.residual) }
line <- function(size, effect) share(2000, function() { i <- pick(size); d <- h[i, ]; d$y <- fitted(m)[i] + (effect - coef(m)["x"]) * d$x + e[i]; hc3(lm(y ~ x + z, d)) })
out$leastSquares <- line(800, 0.3); out$leastSquaresNone <- line(300, 0)

# Median and the 75 % quantile, Hendricks and Koenker's errors; no noise on the residuals here.
quant <- function(tau, size, effect) { q <- rq(y ~ x + z, tau, h); share(1000, function() { i <- pick(size); d <- h[i, ]; d$y <- h$y[i] + (effect - coef(q)["x"]) * d$x + rnorm(size, sd = 0.02); summary(rq(y ~ x + z, tau, d), se = "nid")$coefficients["x", 4] }) }
out$median <- quant(0.5, 500, 0.3); out$upperQuartile <- quant(0.75, 500, 0.4)

# Huber.
r <- rlm(y ~ x + z, h, maxit = 200)
robust <- function(f) { X <- model.matrix(f); u <- residuals(f); k <- 1.345 * f$s; D <- abs(u) <= k; B <- solve(crossprod(X * D)); h <- D * rowSums((X %*% B) * X)
  V <- B %*% crossprod(X * pmax(-k, pmin(k, u)) / (1 - h)) %*% B; 2 * pt(-abs(coef(f)["x"] / sqrt(V["x", "x"])), nrow(X) - ncol(X)) }
out$huber <- share(1000, function() { i <- pick(500); d <- h[i, ]; d$y <- h$y[i] + (0.3 - coef(r)["x"]) * d$x; robust(rlm(y ~ x + z, d, maxit = 200)) })

# Generalised linear models: the coefficient turns about the mean of its column.
glmpower <- function(f, size, ratio, draw, fit, runs = 1000, stat = 4) { c0 <- coef(f); o <- predict(f); share(runs, function() { i <- pick(size); d <- h[i, ]; d$out <- draw(o[i] + (log(ratio) - c0["x"]) * (d$x - mean(h$x))); summary(fit(d))$coefficients["x", stat] }) }
f <- glm(yes ~ x + z, binomial, h); out$logistic <- glmpower(f, 600, 1.35, function(e) rbinom(length(e), 1, plogis(e)), function(d) glm(out ~ x + z, binomial, d), 2000)
f <- glm(events ~ x + z, poisson, h); out$poisson <- glmpower(f, 250, 1.2, function(e) rpois(length(e), exp(e)), function(d) glm(out ~ x + z, poisson, d), 2000)
f <- glm(amount ~ x + z, Gamma("log"), h); phi <- summary(f)$dispersion; out$gamma <- glmpower(f, 150, 1.2, function(e) rgamma(length(e), 1 / phi, 1 / (phi * exp(e))), function(d) glm(out ~ x + z, Gamma("log"), d), 2000)
f <- glm.nb(calls ~ x + z, h); th <- f$theta; out$negativeBinomial <- glmpower(f, 350, 1.2, function(e) rnbinom(length(e), size = th, mu = exp(e)), function(d) glm.nb(out ~ x + z, d), 600)
pw <- 1.54; fam <- statmod::tweedie(var.power = pw, link.power = 0); f <- glm(paid ~ x + z, fam, h); phi <- summary(f)$dispersion
compound <- function(e) { m <- exp(e); k <- rpois(length(m), m^(2 - pw) / (phi * (2 - pw))); s <- phi * (pw - 1) * m^(pw - 1); ifelse(k > 0, rgamma(length(m), pmax(k, 1) * (2 - pw) / (pw - 1), 1) * s, 0) }
out$tweedie <- glmpower(f, 600, 1.25, compound, function(d) glm(out ~ x + z, fam, d), 1000)

# Multinomial: the odds of bus rather than car.
h$mode <- relevel(factor(h$mode), names(sort(-table(h$mode)))[1]); out$reference <- levels(h$mode)[1]
f <- multinom(mode ~ x + z, h, trace = FALSE); B <- coef(f); other <- rownames(B); row <- "bus"
if (!(row %in% other)) stop("bus is the reference")
out$multinomial <- share(600, function() { i <- pick(450); d <- h[i, ]; L <- cbind(0, cbind(1, d$x, d$z) %*% t(B)); k <- 1 + match(row, other); L[, k] <- L[, k] + (log(1.4) - B[row, "x"]) * (d$x - mean(h$x)); P <- exp(L)
  d$out <- factor(c(levels(h$mode)[1], other)[apply(P, 1, function(p) sample.int(length(p), 1, prob = p))], c(levels(h$mode)[1], other)); w <- multinom(out ~ x + z, d, trace = FALSE); s <- summary(w); 2 * pnorm(-abs(s$coefficients[row, "x"] / s$standard.errors[row, "x"])) })

# A curve: residuals apart from their rows.
f <- nls(level ~ a * (1 - exp(-b * t)), h, start = c(a = 15, b = 0.2)); a0 <- coef(f)["a"]; e <- resid(f) - mean(resid(f)); e <- e * sigma(f) / sqrt(mean(e^2))
out$curve <- share(600, function() { i <- pick(25); d <- h[i, ]; d$level <- a0 * (1 - exp(-0.25 * d$t)) + sample(e, 25, replace = TRUE); summary(nls(level ~ a * (1 - exp(-b * t)), d, start = as.list(coef(f)), control = nls.control(maxiter = 200)))$coefficients["b", 4] })

# Mixed model with a random slope: whole subjects, effects and residuals drawn anew; singular fits are refitted without the correlation, then without the slope.
f <- lmer(score ~ day + treat + (day | subject), g); G <- as.matrix(Matrix::bdiag(VarCorr(f))); L <- t(chol(G)); s <- sigma(f); B <- fixef(f); rows <- split(g, g$subject)
p <- function(fit) summary(fit)$coefficients["treat", "Pr(>|t|)"]
out$mixed <- share(300, function() { d <- do.call(rbind, lapply(seq_len(50), function(u) { k <- rows[[sample.int(30, 1)]]; k$subject <- u; w <- L %*% rnorm(2); k$score <- B[1] + B["day"] * k$day + 2 * k$treat + w[1] + w[2] * k$day + rnorm(nrow(k), sd = s); k }))
  f <- suppressMessages(lmer(score ~ day + treat + (day | subject), d)); if (isSingular(f)) f <- suppressMessages(lmer(score ~ day + treat + (day || subject), d)); if (isSingular(f)) f <- suppressMessages(lmer(score ~ day + treat + (1 | subject), d)); p(f) })

# Several groups.
out$welch <- share(20000, function() { d <- data.frame(v = c(rnorm(30, 10, 3), rnorm(30, 12, 4), rnorm(30, 13, 5)), k = rep(1:3, each = 30)); oneway.test(v ~ k, d)$p.value })
out$friedman <- share(10000, function() { v <- matrix(rnorm(240, sd = 2), 80) + rep(c(0, 0.5, 1), each = 80); q <- friedman.test(v)$statistic; pf(79 * q / (80 * 2 - q), 2, 158, lower.tail = FALSE) })

out$note <- paste("made by make-simulated.R on", Sys.Date(), "with", R.version.string)
text <- function(v) if (is.character(v)) paste0('"', v, '"') else paste0('{ "power": ', format(v$power, digits = 10), ', "runs": ', v$runs, ' }')
writeLines(c("{", paste0('  "', names(out), '": ', vapply(out, text, ""), c(rep(",", length(out) - 1), "")), "}"), "simulated-r.json")
