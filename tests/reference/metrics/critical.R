# Two-sided simultaneous critical values of jointly normal statistics by mvtnorm. Usage: Rscript critical.R (writes critical.json beside itself).
library(mvtnorm)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
set.seed(1)
equal <- function(m, r) { c <- matrix(r, m, m); diag(c) <- 1; c }
cases <- list(list(matrix(c(1, .5, .3, .5, 1, .7, .3, .7, 1), 3), .95), list(equal(5, .9), .95), list(diag(2), .9), list(equal(8, .2), .99))
text <- sapply(cases, function(k) {
  q <- qmvnorm(k[[2]], corr = k[[1]], tail = "both.tails", algorithm = GenzBretz(maxpts = 1e6, abseps = 1e-7))$quantile
  sprintf('{"correlation": [%s], "level": %s, "critical": %.10f}', paste(format(c(t(k[[1]])), trim = TRUE), collapse = ", "), k[[2]], q)
})
writeLines(sprintf('{\n "tool": "R %s, mvtnorm %s qmvnorm(both.tails)", "made": "%s",\n "tolerance": "0.01 absolute: 200,704 draws",\n "cases": [\n  %s\n ]\n}',
                   getRversion(), packageVersion("mvtnorm"), Sys.Date(), paste(text, collapse = ",\n  ")), file.path(here, "critical.json"))
