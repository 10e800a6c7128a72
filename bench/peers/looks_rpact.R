# rpact on the design of Gnomon.Benchmarks/LooksWorkload.cs: seconds of the median of several runs, as JSON. The check is the sum of the powers.
suppressPackageStartupMessages(library(rpact))
middle <- function(f, runs) median(replicate(runs, system.time(f())[["elapsed"]]))
curve <- function() {
  d <- getDesignGroupSequential(sided = 1, alpha = 0.025, beta = 0.2, informationRates = (1:5) / 5, typeOfDesign = "asOF", typeBetaSpending = "bsOF", bindingFutility = FALSE)
  shift <- getDesignCharacteristics(d)$shift
  sum(getPowerAndAverageSampleNumber(d, theta = sqrt(shift) * (1:25) / 12.5, nMax = 1)$overallReject)
}
curve()
cat(sprintf('{"looks-5-power-curve": %.6f, "check": %.9f, "version": "R %s, rpact %s"}\n', middle(curve, 7), curve(), getRversion(), packageVersion("rpact")))
