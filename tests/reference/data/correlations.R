# Partial, point-biserial and distance correlations from psych, energy and base R. Run in this folder: Rscript correlations.R (writes correlations.json).
suppressMessages({library(jsonlite); library(psych); library(energy)})
set.seed(20261122)
out <- list(written = as.character(Sys.Date()), r = R.version.string, energy = as.character(packageVersion("energy")), psych = as.character(packageVersion("psych")))

n <- 60
z1 <- rnorm(n); z2 <- rexp(n); x <- z1 + 0.5 * z2 + rnorm(n); y <- z1 - z2 + 0.4 * x + rnorm(n)
p <- function(a, b, held) {
  r <- as.numeric(partial.r(data.frame(a, b, held), 1:2, 3:(2 + ncol(held)))[1, 2])
  df <- length(a) - 2 - ncol(held); t <- r * sqrt(df / (1 - r^2))
  list(r = r, p = 2 * pt(-abs(t), df), low = tanh(atanh(r) - qnorm(0.975) / sqrt(length(a) - 3 - ncol(held))), high = tanh(atanh(r) + qnorm(0.975) / sqrt(length(a) - 3 - ncol(held))))
}
held <- data.frame(z1, z2)
out$partial <- list(x = x, y = y, z1 = z1, z2 = z2, pearson = p(x, y, held), pearsonOne = p(x, y, held[, 1, drop = FALSE]),
  spearman = p(rank(x), rank(y), data.frame(rank(z1), rank(z2)))[c("r", "p")], coefficient = summary(lm(y ~ x + z1 + z2))$coefficients["x", 4])

g <- c(rep(0, 25), rep(1, 15)); v <- rnorm(40) + 0.8 * g
t <- cor.test(v, g)
tt <- unname(t$statistic); f <- function(d, tail) pt(tt, 38, d, lower.tail = FALSE) - tail
lo <- uniroot(f, c(-5, 10), tail = 0.025, tol = 1e-12)$root; hi <- uniroot(f, c(-5, 15), tail = 0.975, tol = 1e-12)$root
out$pointBiserial <- list(zeros = v[g == 0], ones = v[g == 1], r = unname(t$estimate), p = t$p.value, low = lo / sqrt(lo^2 + 40), high = hi / sqrt(hi^2 + 40))

cases <- list(line = list(x = (a <- rnorm(50)), y = 2 * a + rnorm(50)), bent = list(x = (a <- runif(80, -1, 1)), y = a^2 + rnorm(80, sd = 0.1)),
  ties = list(x = (a <- round(rnorm(40), 1)), y = round(a + rnorm(40))), free = list(x = rnorm(30) * 1e6 + 1e8, y = rexp(30)))
out$distance <- lapply(cases, function(c) c(c, list(dcor = dcor(c$x, c$y), unbiased = bcdcor(c$x, c$y))))
write(toJSON(out, auto_unbox = TRUE, digits = I(17), pretty = TRUE), "correlations.json")
