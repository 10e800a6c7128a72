# Raked weights and the mean of a raked sample by R survey. Run: Rscript second_file.R
suppressMessages(library(survey))
set.seed(20261123)
n <- 400
area <- sample(0:1, n, TRUE, c(.96, .04)); age <- sample(0:3, n, TRUE, c(.4, .3, .2, .1)); plan <- sample(0:2, n, TRUE)
y <- round(5 + 2 * area - age + .5 * plan + rnorm(n), 6)
d <- data.frame(area = factor(area), age = factor(age), plan = factor(plan), y = y)
shares <- list(area = c(.79, .21), age = c(.25, .25, .25, .25), plan = c(.5, .3, .2))
des <- suppressWarnings(svydesign(ids = ~1, data = d, weights = rep(1, n)))
pop <- function(v) { f <- data.frame(levels(d[[v]]), shares[[v]] * n); names(f) <- c(v, "Freq"); f }
r <- rake(des, list(~area, ~age, ~plan), lapply(c("area", "age", "plan"), pop), control = list(maxit = 500, epsilon = 1e-11))
m <- svymean(~y, r); w <- weights(r) / mean(weights(r))
num <- function(x) paste0("[", paste(formatC(x, digits = 17, format = "g"), collapse = ", "), "]")
cat(sprintf('{\n"area": %s,\n"age": %s,\n"plan": %s,\n"y": %s,\n"weights": %s,\n"mean": %.17g, "se": %.17g, "effective": %.17g,\n"tool": "%s, survey %s", "made": "%s", "script": "second_file.R"\n}\n',
    num(area), num(age), num(plan), num(y), num(w), coef(m), SE(m), sum(w)^2 / sum(w^2), R.version.string, packageVersion("survey"), Sys.Date()),
    file = file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "raking.json"))
