# Reference values from base R: power.prop.test, power.t.test, manova, oneway.test. Run: Rscript make.R
json <- function(x) {
  if (is.list(x)) { if (!is.null(names(x))) paste0("{", paste0("\"", names(x), "\": ", sapply(x, json), collapse = ", "), "}") else paste0("[", paste(sapply(x, json), collapse = ", "), "]") }
  else if (is.character(x)) paste0("\"", x, "\"")
  else if (length(x) == 1) format(x, digits = 17, scientific = NA)
  else paste0("[", paste(format(x, digits = 17, trim = TRUE), collapse = ", "), "]")
}
stamp <- list(tool = R.version.string, made = format(Sys.Date()), script = "make.R")
prop <- lapply(list(c(.10, .11, .8), c(.042, .045, .8), c(.05, .06, .9), c(.3, .2, .95)), function(v)
  list(first = v[1], second = v[2], power = v[3], n = power.prop.test(p1 = v[1], p2 = v[2], power = v[3], tol = 1e-13)$n))
pw <- lapply(list(c(50000, .045, .048), c(1000, .1, .12), c(10000, .042, .045)), function(v)
  list(n = v[1], first = v[2], second = v[3], power = power.prop.test(n = v[1], p1 = v[2], p2 = v[3])$power))
tt <- lapply(list(c(20, 1, 1), c(5, 1.5, 1), c(100, .2, 1), c(1000, 3, 40), c(3, .1, 1)), function(v)
  list(n = v[1], difference = v[2], sd = v[3], power = power.t.test(n = v[1], delta = v[2], sd = v[3], strict = TRUE)$power,
       oneSided = power.t.test(n = v[1], delta = v[2], sd = v[3], alternative = "one.sided")$power))
tn <- lapply(list(c(1, 1, .8), c(.1, 1, .9), c(5, 40, .8)), function(v)
  list(difference = v[1], sd = v[2], power = v[3], n = power.t.test(delta = v[1], sd = v[2], power = v[3], strict = TRUE, tol = 1e-13)$n))
writeLines(json(c(stamp, list(proportions = prop, proportionPower = pw, meanPower = tt, meanSize = tn))), "power.json")

set.seed(7)
g <- rep(1:3, c(40, 50, 35)); X <- round(cbind(rnorm(125), rexp(125), rnorm(125)), 4); X[, 3] <- round(X[, 3] + .4 * X[, 1] + .5 * (g == 2), 4)
wilks <- function(X, g) { s <- summary(manova(X ~ factor(g)), test = "Wilks")$stats[1, ]; list(wilks = s[["Wilks"]], F = s[["approx F"]], df1 = s[["num Df"]], df2 = s[["den Df"]], p = s[["Pr(>F)"]]) }
v <- round(rnorm(125, mean = .3 * g, sd = g), 4)
welch <- oneway.test(v ~ factor(g)); classic <- oneway.test(v ~ factor(g), var.equal = TRUE)
writeLines(json(c(stamp, list(group = g, x1 = X[, 1], x2 = X[, 2], x3 = X[, 3], three = wilks(X, g), two = wilks(X[g < 3, ], g[g < 3]),
  values = v, welch = list(F = unname(welch$statistic), df2 = unname(welch$parameter[2]), p = welch$p.value),
  classic = list(F = unname(classic$statistic), df2 = unname(classic$parameter[2]), p = classic$p.value)))), "groups.json")
