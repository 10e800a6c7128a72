# Second source for the classical data sets: R's aov on npk (blocks, N:P:K confounded) and lm with HC2 errors on warpbreaks.
# Rscript tests/reference/factorial/make.R DATA > tests/reference/factorial/r.txt
data <- commandArgs(TRUE)[1]
cat(R.version.string, "sandwich", as.character(packageVersion("sandwich")), "\n")
f <- read.csv(file.path(data, "experiments/npk_factorial.csv"))
f <- transform(f, block = factor(block), N = factor(N), P = factor(P), K = factor(K))
t <- summary(aov(yield ~ block + N * P * K, f))[[1]]
print(data.frame(term = trimws(rownames(t)), df = t$Df, F = sprintf("%.12g", t$`F value`), p = sprintf("%.12g", t$`Pr(>F)`)))
w <- read.csv(file.path(data, "experiments/warpbreaks_factorial.csv"))
w$tension <- factor(w$tension, levels = c("H", "L", "M"))
m <- lm(breaks ~ wool * tension, w)
v <- sandwich::vcovHC(m, "HC2")
cat(sprintf("%s %.12g %.12g\n", names(coef(m)), coef(m), sqrt(diag(v))), sep = "")
g <- aggregate(breaks ~ wool, w, mean)
mu <- mean(c(0, coef(m)["woolB:tensionL"], coef(m)["woolB:tensionM"])) + coef(m)["woolB"]
a <- c(0, 1, 0, 0, 1/3, 1/3)
cat(sprintf("wool main %.12g %.12g\n", mu, sqrt(drop(t(a) %*% v %*% a))))
