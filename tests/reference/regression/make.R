# Reference values for linear and generalised linear regression. Run: Rscript make.R (writes linear.json, glm.json, diagnostics.json beside it).
suppressMessages({library(sandwich); library(clubSandwich); library(lmtest); library(MASS); library(nnet); library(quantreg); library(car); library(tseries)})

num <- function(v) { v <- as.numeric(v); paste0("[", paste(ifelse(is.finite(v), sprintf("%.17g", v), "null"), collapse = ", "), "]") }
one <- function(v) if (is.character(v)) paste0('"', v, '"') else if (is.list(v)) obj(v) else if (length(v) == 1 && is.null(attr(v, "many"))) { if (is.finite(v)) sprintf("%.17g", v) else "null" } else num(v)
obj <- function(l) paste0("{", paste(mapply(function(n, v) paste0('"', n, '": ', one(v)), names(l), l), collapse = ",\n "), "}")
many <- function(v) { v <- as.numeric(v); attr(v, "many") <- TRUE; v }
tool <- paste0("R ", getRversion(), ", sandwich ", packageVersion("sandwich"), ", clubSandwich ", packageVersion("clubSandwich"), ", lmtest ", packageVersion("lmtest"),
               ", MASS ", packageVersion("MASS"), ", nnet ", packageVersion("nnet"), ", quantreg ", packageVersion("quantreg"), ", car ", packageVersion("car"))
write_json <- function(name, l) cat(obj(c(l, list(tool = tool, script = "make.R", made = format(Sys.Date())))), "\n", file = name, sep = "")
se <- function(v) sqrt(diag(as.matrix(v)))

## linear model: 60 rows, 9 clusters of unequal size, a second grouping, weights, an offset far from 0
set.seed(20260401)
n <- 60
g <- rep(1:9, times = c(2, 3, 4, 5, 6, 8, 9, 11, 12)); h <- rep(1:7, length.out = n)
x1 <- round(1000 + rnorm(n) + rnorm(9)[g], 4); x2 <- round(rexp(n), 4); x3 <- as.numeric(g %% 2 == 0)
y <- round(3 + 0.5 * (x1 - 1000) - x2 + 0.3 * x3 + rnorm(9)[g] + rnorm(n) * (0.5 + x2), 4)
w <- round(runif(n, 0.2, 3), 3)
m <- lm(y ~ x1 + x2 + x3); mw <- lm(y ~ x1 + x2 + x3, weights = w)
p <- data.frame(x1 = 1001.5, x2 = 0.7, x3 = 1)
conf <- predict(m, p, interval = "confidence", se.fit = TRUE); pred <- predict(m, p, interval = "prediction")
cr2 <- vcovCR(m, cluster = g, type = "CR2"); ct <- coef_test(m, vcov = cr2, test = "Satterthwaite")
block <- function(m, ww) {
  s <- summary(m)
  list(coefficients = coef(m), classical = se(vcov(m)), sigma = s$sigma, rSquared = s$r.squared, adjusted = s$adj.r.squared, logLik = as.numeric(logLik(m)), aic = AIC(m), bic = BIC(m),
       hc0 = se(vcovHC(m, "HC0")), hc1 = se(vcovHC(m, "HC1")), hc2 = se(vcovHC(m, "HC2")), hc3 = se(vcovHC(m, "HC3")), hc4 = se(vcovHC(m, "HC4")),
       cr1 = se(vcovCL(m, g, type = "HC1")), leverage = hatvalues(m), cook = cooks.distance(m), dfbetas = as.numeric(dfbetas(m)), rstudent = rstudent(m),
       joint = { f <- linearHypothesis(m, c("x1 = 0", "x2 = 0")); c(f$F[2], f[["Pr(>F)"]][2]) })
}
nwm <- NeweyWest(m, lag = NULL, prewhite = FALSE, adjust = FALSE)
write_json("linear.json", list(
  y = y, x1 = x1, x2 = x2, x3 = x3, w = w, g = g, h = h, plain = block(m), weighted = block(mw),
  fTest = summary(m)$fstatistic, predicted = c(conf$fit, conf$se.fit, pred[2:3]),
  cr2 = se(cr2), cr2Degrees = ct$df_Satt, cr2P = ct$p_Satt,
  twoWay = se(vcovCL(m, data.frame(g, h), type = "HC1", multi0 = FALSE)),
  hacLag = floor(bwNeweyWest(m, kernel = "Bartlett", prewhite = FALSE)), hac = se(nwm), hac3 = se(NeweyWest(m, lag = 3, prewhite = FALSE, adjust = TRUE)),
  nestedCr2 = se(vcovCR(lm(y ~ x1 + x2 + factor(g)), cluster = g, type = "CR2"))[1:3]))

## Petersen's panel (sandwich::PetersenCL) is in the tests as a real-data check when the file is there
source("make-glm.R"); source("make-diagnostics.R")
