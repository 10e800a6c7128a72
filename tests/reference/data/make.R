# Kolmogorov-Smirnov p-values from R's ks.test (exact with ties since R 4.2). Run: Rscript make.R
arr <- function(x) paste0("[", paste(format(x, digits = 17, trim = TRUE), collapse = ", "), "]")
set.seed(3)
cases <- list(list(rnorm(12), rnorm(15, .8)), list(round(rnorm(30), 1), round(rnorm(40, .3), 1)), list(sample(0:4, 60, TRUE), sample(1:5, 50, TRUE)),
  list(rnorm(8), rnorm(9, 4)), list(rnorm(90), rnorm(110)), list(rnorm(300), rnorm(400, .15)), list(1:5 + 0, 1:5 + 0))
out <- sapply(cases, function(v) { x <- sort(round(v[[1]], 6)); y <- sort(round(v[[2]], 6)); exact <- length(x) * length(y) <= 10000
  t <- suppressWarnings(ks.test(x, y, exact = exact))
  paste0("{\"x\": ", arr(x), ", \"y\": ", arr(y), ", \"d\": ", format(unname(t$statistic), digits = 17), ", \"p\": ", format(t$p.value, digits = 17), ", \"exact\": ", tolower(exact), "}") })
writeLines(paste0("{\"tool\": \"", R.version.string, "\", \"made\": \"", format(Sys.Date()), "\", \"script\": \"make.R\", \"cases\": [", paste(out, collapse = ",\n"), "]}"), "kolmogorov-smirnov.json")
