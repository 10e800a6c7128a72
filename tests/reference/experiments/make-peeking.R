# Reference values for group-sequential plans: rpact. Run: Rscript make-peeking.R (writes peeking-r.json).
suppressMessages({library(rpact); library(jsonlite)})
options(rpact.logger.level = "DISABLED")
try(setLogLevel("DISABLED"), silent = TRUE)
equal <- function(k) (1:k) / k
out <- list()
out$bounds <- lapply(list(
    list("asKD", 1, equal(5), 0.05), list("asKD", 2, equal(5), 0.05), list("asKD", 3, c(.15, .4, .75, 1), 0.05), list("asKD", 1.5, c(.1, .2, .9, 1), 0.01),
    list("asP", NA, c(.3, .5, 1), 0.05), list("asOF", NA, c(.3, .5, 1), 0.05),
    list("HP", 3, equal(5), 0.05), list("HP", 3.2905267314919255, equal(4), 0.05), list("HP", 3.5, c(.1, .3, .6, 1), 0.02)), function(v) {
  d <- if (v[[1]] == "asKD") getDesignGroupSequential(sided = 2, alpha = v[[4]], informationRates = v[[3]], typeOfDesign = "asKD", gammaA = v[[2]])
    else if (v[[1]] == "HP") getDesignGroupSequential(sided = 2, alpha = v[[4]], informationRates = v[[3]], typeOfDesign = "HP", constantBoundsHP = v[[2]])
    else getDesignGroupSequential(sided = 2, alpha = v[[4]], informationRates = v[[3]], typeOfDesign = v[[1]])
  list(rule = v[[1]], parameter = v[[2]], information = v[[3]], alpha = v[[4]], criticalZ = d$criticalValues, spent = d$alphaSpent) })
out$futility <- lapply(list(
    list("asOF", 0, "bsOF", 0, FALSE, c(.25, .5, .75, 1), .2), list("asOF", 0, "bsOF", 0, TRUE, c(.25, .5, .75, 1), .2),
    list("asP", 0, "bsP", 0, FALSE, c(.25, .5, .75, 1), .1), list("asP", 0, "bsP", 0, TRUE, c(.2, .4, .6, .8, 1), .2),
    list("asKD", 2, "bsKD", 2, TRUE, c(.25, .5, .75, 1), .2), list("asKD", 3, "bsKD", 1, FALSE, c(.3, .45, 1), .1),
    list("asOF", 0, "bsP", 0, FALSE, c(.5, 1), .1), list("asOF", 0, "bsKD", 2, TRUE, c(.2, .4, .6, .8, 1), .2)), function(v) {
  d <- getDesignGroupSequential(sided = 1, alpha = 0.025, beta = v[[7]], informationRates = v[[6]], typeOfDesign = v[[1]], gammaA = if (v[[1]] == "asKD") v[[2]] else NA_real_,
    typeBetaSpending = v[[3]], gammaB = if (v[[3]] == "bsKD") v[[4]] else NA_real_, bindingFutility = v[[5]])
  ch <- getDesignCharacteristics(d)
  list(rule = v[[1]], rho = v[[2]], beta = v[[3]], betaRho = v[[4]], binding = v[[5]], information = v[[6]], power = 1 - v[[7]],
    criticalZ = d$criticalValues, futilityZ = d$futilityBounds, inflation = ch$inflationFactor, shift = ch$shift,
    cumulative = as.numeric(ch$power), expectedEffect = ch$averageSampleNumber1, expectedNone = ch$averageSampleNumber0) })
stage <- function(alpha, rates, n, means, sided, type = "asOF") {
  k <- length(n)
  d <- getDesignGroupSequential(sided = sided, alpha = alpha, informationRates = rates, typeOfDesign = type)
  ds <- getDataset(cumulativeN1 = n, cumulativeN2 = n, cumulativeMeans1 = means, cumulativeMeans2 = rep(0, k), cumulativeStDevs1 = rep(1, k), cumulativeStDevs2 = rep(1, k))
  capture.output(ci <- getFinalConfidenceInterval(d, ds, normalApproximation = TRUE))
  sd <- ds$getOverallStDevs(1)[k]
  list(alpha = alpha, sided = sided, type = type, rates = rates, n = n, means = means, criticalZ = d$criticalValues, finalStage = ci$finalStage,
    low = ci$finalConfidenceInterval[1], high = ci$finalConfidenceInterval[2], estimate = ci$medianUnbiased, se = sqrt(2 / n[k]))
}
out$stagewise <- list(
  stage(0.025, c(.25, .5, .75, 1), c(100, 200), c(.10, .35), 1), stage(0.025, c(.25, .5, .75, 1), c(100, 200, 300), c(.10, .15, .26), 1),
  stage(0.025, c(.25, .5, .75, 1), c(100, 200, 300, 400), c(.10, .12, .11, .09), 1), stage(0.025, c(.2, .6, 1), c(80, 240), c(.3, .29), 1, "asP"),
  stage(0.025, c(.25, .5, .75, 1), c(100, 200, 300, 400), c(.10, .12, .11, .155), 1, "asP"))
out$tool <- paste(R.version.string, "rpact", packageVersion("rpact"))
out$made <- format(Sys.Date()); out$script <- "make-peeking.R"
write(toJSON(out, digits = NA, auto_unbox = TRUE, pretty = 1, na = "null"), "peeking-r.json")
