# Correct digits of R on the Statistical Reference Datasets, with the functions an R user reaches for and their default settings.
# Prints one JSON object; called by nist_peers.py.
suppressWarnings(suppressMessages(library(jsonlite)))
folder <- commandArgs(trailingOnly = TRUE)[1]
certified <- fromJSON(file.path(folder, "certified.json"), simplifyVector = FALSE)
found <- list()

digits <- function(x, c) {
  if (length(x) == 0 || !is.finite(x)) return(0)
  if (x == c) return(15)
  error <- abs(x - c) / ifelse(c == 0, 1, abs(c))
  min(15, max(0, -log10(error)))
}
worst <- function(x, c) if (length(x) < length(c)) 0 else min(mapply(digits, x, c))
data <- function(kind, name) {
  path <- file.path(folder, kind, paste0(name, ".csv"))
  if (!file.exists(path)) path <- paste0(path, ".gz")
  read.csv(path)
}
say <- function(set, quantity, value) found[[length(found) + 1]] <<- list(set = set, quantity = quantity, digits = value)

for (name in names(certified$univariate)) {
  set <- certified$univariate[[name]]
  y <- as.numeric(data("univariate", name)$y)
  say(name, "mean", digits(mean(y), set$mean))
  say(name, "standard deviation", digits(sd(y), set$sd))
  say(name, "lag 1 autocorrelation", digits(acf(y, lag.max = 1, plot = FALSE)$acf[2], set$lag1_autocorrelation))
}

for (name in names(certified$linear)) {
  set <- certified$linear[[name]]
  d <- data("linear", name)
  k <- length(set$parameters)
  formula <- if (set$parameters[[1]]$name == "B1") y ~ x - 1
    else if (name == "Longley") y ~ x1 + x2 + x3 + x4 + x5 + x6
    else if (k == 2) y ~ x
    else as.formula(paste("y ~ x +", paste(sprintf("I(x^%d)", 2:(k - 1)), collapse = " + ")))
  fit <- suppressWarnings(summary(lm(formula, data = d)))
  table <- fit$coefficients
  estimate <- sapply(set$parameters, function(p) p$estimate)
  sd <- sapply(set$parameters, function(p) p$sd)
  say(name, "coefficients", worst(table[, 1], estimate))
  say(name, "standard errors", worst(table[, 2], sd))
}

for (name in names(certified$anova)) {
  set <- certified$anova[[name]]
  d <- data("anova", name)
  fit <- summary(aov(y ~ factor(group), data = d))[[1]]
  say(name, "F", digits(fit[1, "F value"], set$f))
  say(name, "residual standard deviation", digits(sqrt(fit[2, "Mean Sq"]), set$residual_sd))
}

for (name in names(certified$nonlinear)) {
  set <- certified$nonlinear[[name]]
  d <- data("nonlinear", name)
  model <- set$model
  model <- sub("^pi = [0-9.E]+ *", "", model)
  model <- sub("\\+ *e *$", "", model)
  model <- gsub("\\[", "(", gsub("\\]", ")", model))
  model <- gsub("\\*\\*", "^", model)
  model <- gsub("arctan", "atan", model)
  side <- strsplit(model, "=")[[1]]
  formula <- as.formula(paste(side[1], "~", side[2]))
  estimate <- sapply(set$parameters, function(p) p$estimate)
  sd <- sapply(set$parameters, function(p) p$sd)
  for (which in c("first", "second")) {
    start <- lapply(set$parameters, function(p) if (which == "first") p$start1 else p$start2)
    names(start) <- sapply(set$parameters, function(p) p$name)
    table <- tryCatch(summary(nls(formula, data = d, start = start))$coefficients, error = function(e) NULL)
    label <- sprintf("%s, %s start", name, which)
    say(label, "parameters", if (is.null(table)) 0 else worst(table[, 1], estimate))
    say(label, "standard errors", if (is.null(table)) 0 else worst(table[, 2], sd))
  }
}
cat(toJSON(list(version = paste(R.version$major, R.version$minor, sep = "."), results = found), auto_unbox = TRUE, digits = 4))
