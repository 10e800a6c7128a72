# Reference values for group comparison from R's own stats package. Reads the samples of compare.json, writes r.json. Usage: Rscript make.R
# The JSON reader below knows only what that file holds: nested lists of numbers, strings and null.
args <- commandArgs(FALSE)
here <- dirname(sub("^--file=", "", args[grep("^--file=", args)]))
text <- paste(readLines(file.path(here, "compare.json"), warn = FALSE), collapse = "")
text <- gsub("null", "NA", text, fixed = TRUE)
text <- gsub("{", "list(", text, fixed = TRUE)
text <- gsub("[", "list(", text, fixed = TRUE)
text <- gsub("[]}]", ")", text)
text <- gsub('"([A-Za-z]+)": ', "\\1 = ", text)
data <- eval(parse(text = text))
num <- function(v) as.numeric(unlist(v))
arr <- function(v) paste0("[", paste(ifelse(is.finite(v), format(v, digits = 17, trim = TRUE), "null"), collapse = ", "), "]")

two <- sapply(data$two, function(d) {
  x <- num(d$x); y <- num(d$y)
  exact <- d$kind != "ties" && length(x) * length(y) <= 3000
  w <- suppressWarnings(wilcox.test(x, y, exact = exact, conf.int = exact, correct = TRUE))
  ci <- if (exact) as.numeric(w$conf.int) else c(NA, NA)
  sprintf('{"p": %s, "shift": %s}', format(w$p.value, digits = 17), arr(c(if (exact) as.numeric(w$estimate) else NA, ci)))
})
pairs <- sapply(data$pairs, function(d) {
  v <- num(d$x) - num(d$y)
  clean <- !any(v == 0) && !any(duplicated(abs(v))) && length(v) <= 60
  w <- suppressWarnings(wilcox.test(v, exact = clean, conf.int = clean, correct = TRUE))
  ci <- if (clean) c(as.numeric(w$estimate), as.numeric(w$conf.int)) else c(NA, NA, NA)
  sprintf('{"p": %s, "clean": %s, "centre": %s}', format(w$p.value, digits = 17), tolower(as.character(clean)), arr(ci))
})
groups <- sapply(data$groups, function(d) {
  g <- lapply(d$groups, num)
  v <- unlist(g); f <- factor(rep(seq_along(g), lengths(g)))
  w <- oneway.test(v ~ f)
  k <- length(g); rows <- c()
  for (i in 1:(k - 1)) for (j in (i + 1):k) {
    vi <- var(g[[i]]) / length(g[[i]]); vj <- var(g[[j]]) / length(g[[j]])
    se <- sqrt(vi + vj); diff <- mean(g[[j]]) - mean(g[[i]])
    df <- (vi + vj)^2 / (vi^2 / (length(g[[i]]) - 1) + vj^2 / (length(g[[j]]) - 1))
    q <- abs(diff) / se * sqrt(2)
    reach <- qtukey(0.95, k, df) / sqrt(2) * se
    rows <- c(rows, arr(c(j - 1, i - 1, diff, diff - reach, diff + reach, ptukey(q, k, df, lower.tail = FALSE))))
  }
  sprintf('{"welch": %s, "gamesHowell": [%s]}', arr(c(w$statistic, w$parameter, w$p.value)), paste(rows, collapse = ", "))
})
friedman <- sapply(data$friedman, function(d) {
  m <- sapply(d$treatments, num)
  f <- friedman.test(m)
  arr(c(f$statistic, f$p.value))
})
tables <- sapply(data$tables, function(d) {
  m <- do.call(rbind, lapply(d$table, num))
  format(fisher.test(m)$p.value, digits = 17)
})
strata <- sapply(data$strata, function(d) {
  t <- lapply(d$strata, num)
  t <- t[sapply(t, function(v) v[1] + v[3] > 0)]
  a <- array(unlist(lapply(t, function(v) c(v[1], v[3], v[2] - v[1], v[4] - v[3]))), c(2, 2, length(t)))
  m <- mantelhaen.test(a, correct = FALSE)
  arr(c(m$statistic, m$p.value, m$estimate, m$conf.int))
})
trend <- list(list(c(2, 5, 11, 14), c(40, 42, 39, 41), NULL), list(c(83, 90, 129, 70), c(86, 93, 136, 82), NULL), list(c(1, 4, 9), c(30, 30, 30), c(0, 1, 10)))
trends <- sapply(trend, function(t) {
  s <- if (is.null(t[[3]])) seq_along(t[[1]]) - 1 else t[[3]]
  p <- prop.trend.test(t[[1]], t[[2]], score = s)
  sprintf('{"successes": %s, "sizes": %s, "scores": %s, "chi": %s, "p": %s}', arr(t[[1]]), arr(t[[2]]), arr(s), format(as.numeric(p$statistic), digits = 17), format(p$p.value, digits = 17))
})
rates <- sapply(data$rates, function(d) arr(as.numeric(poisson.test(c(d$x, d$y), c(d$tx, d$ty))$conf.int)))
join <- function(v) paste0("[", paste(v, collapse = ",\n"), "]")
cat(sprintf('{"tool": "%s", "date": "%s",\n"two": %s,\n"pairs": %s,\n"groups": %s,\n"friedman": %s,\n"fisher": %s,\n"strata": %s,\n"trend": %s,\n"rates": %s}\n',
  R.version.string, Sys.Date(), join(two), join(pairs), join(groups), join(friedman), join(tables), join(strata), join(trends), join(rates)), file = file.path(here, "r.json"))
