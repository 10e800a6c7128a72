# Minimum covariance determinant from R's robustbase, without small-sample corrections. Run: Rscript mcd.R
suppressMessages(library(robustbase))
num <- function(x) paste0("[", paste(format(as.vector(x), digits = 17, trim = TRUE), collapse = ", "), "]")
set.seed(11)
clean <- function(n, p) { a <- matrix(rnorm(p * p), p); round(matrix(rnorm(n * p), n) %*% a + rep(seq_len(p) * 10, each = n), 4) }
spoil <- function(x, share, by) { k <- floor(nrow(x) * share); if (k > 0) x[seq_len(k), ] <- round(x[seq_len(k), ] + matrix(rep(by * (-1)^seq_len(ncol(x)), each = k), k), 4); x }
units <- function(x) t(t(x) * 10^(seq_len(ncol(x)) - 2))
data <- list(list(clean(24, 2), .5), list(spoil(clean(30, 2), .2, 40), .5), list(spoil(clean(60, 3), .3, 60), .5), list(spoil(clean(60, 3), .3, 60), .75),
  list(units(spoil(clean(80, 4), .25, 80)), .5), list(clean(50, 2), 1), list(round(matrix(c(rt(120, 2), rexp(120)), 120), 4), .5), list(spoil(clean(1000, 3), .2, 60), .5))
out <- sapply(data, function(d) { x <- d[[1]]; n <- nrow(x); p <- ncol(x)
  m <- covMcd(x, alpha = d[[2]], nsamp = if (n <= 30) "exact" else if (n < 600) 5000 else 500, use.correction = FALSE)
  # the objective is compared, so it is recomputed from the h best rows
  best <- if (is.null(m$best)) seq_len(n) else m$best
  paste0("{\"dimension\": ", p, ", \"coverage\": ", d[[2]], ", \"x\": ", num(t(x)), ", \"h\": ", m$quan, ", \"center\": ", num(m$center), ", \"cov\": ", num(t(m$cov)),
    ", \"rawCenter\": ", num(m$raw.center), ", \"rawCov\": ", num(t(m$raw.cov)), ", \"logDeterminant\": ", format(log(det(cov(x[best, ]))), digits = 17),
    ", \"distances\": ", num(mahalanobis(x, m$center, m$cov)), "}") })
writeLines(paste0("{\"tool\": \"", R.version.string, ", robustbase ", packageVersion("robustbase"), "\", \"made\": \"", format(Sys.Date()), "\", \"script\": \"mcd.R\", \"cases\": [", paste(out, collapse = ",\n"), "]}"), "mcd.json")
