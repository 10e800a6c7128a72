# Reference values for Gnomon.Methods.Survival. Run: Rscript make.R (R with its recommended package survival, and jsonlite for nothing: JSON is written by hand).
library(survival)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
set.seed(20260701)
n <- 120
x1 <- round(rnorm(n), 2); x2 <- rbinom(n, 1, 0.5); x3 <- round(runif(n, 0, 10), 1)
t0 <- rexp(n, 0.05 * exp(0.5 * x1 - 0.7 * x2)); cens <- runif(n, 5, 60)
time <- pmax(1, round(pmin(t0, cens))); event <- as.integer(t0 <= cens)   # whole days: many ties
group <- sample(0:2, n, TRUE); cluster <- rep(1:30, 4)
num <- function(v) paste0("[", paste(ifelse(is.na(v), "null", format(v, digits = 17, scientific = TRUE, trim = TRUE)), collapse = ","), "]")
one <- function(v) ifelse(is.na(v), "null", format(v, digits = 17, scientific = TRUE, trim = TRUE))
km <- survfit(Surv(time, event) ~ 1, conf.type = "log-log"); keep <- km$n.event > 0
q <- summary(km)$table
rm <- summary(survfit(Surv(time, event) ~ 1), rmean = 25)$table
lr <- survdiff(Surv(time, event) ~ group)
lr2 <- survdiff(Surv(time, event) ~ x2)
fit <- coxph(Surv(time, event) ~ x1 + x2 + x3, ties = "efron")
rob <- coxph(Surv(time, event) ~ x1 + x2 + x3, ties = "efron", robust = TRUE)
clu <- coxph(Surv(time, event) ~ x1 + x2 + x3 + cluster(cluster), ties = "efron")
# Proportionality, the score test of survival 3.0 and later.
zph <- cox.zph(fit, transform = "km")$table[1:3, "p"]
conc <- concordance(fit)$concordance
cat(sprintf('{"time":%s,"event":%s,"x1":%s,"x2":%s,"x3":%s,"group":%s,"cluster":%s,
 "km":{"time":%s,"risk":%s,"events":%s,"survival":%s,"error":%s,"low":%s,"high":%s,"median":%s,"medianLow":%s,"medianHigh":%s},
 "restricted":{"mean":%s,"error":%s},
 "logrank":{"chisq":%s,"expected":%s,"observed":%s},"logrankTwo":{"chisq":%s},
 "cox":{"coef":%s,"error":%s,"robust":%s,"clustered":%s,"loglik":%s,"concordance":%s,"zph":%s},
 "tool":"R %s, survival %s","script":"make.R"}
', num(time), num(event), num(x1), num(x2), num(x3), num(group), num(cluster),
  num(km$time[keep]), num(km$n.risk[keep]), num(km$n.event[keep]), num(km$surv[keep]), num((km$surv * km$std.err)[keep]), num(km$lower[keep]), num(km$upper[keep]), one(q["median"]), one(q["0.95LCL"]), one(q["0.95UCL"]),
  one(rm["rmean"]), one(rm["se(rmean)"]), one(lr$chisq), num(lr$exp), num(lr$obs), one(lr2$chisq),
  num(coef(fit)), num(sqrt(diag(vcov(fit)))), num(sqrt(diag(vcov(rob)))), num(sqrt(diag(vcov(clu)))), num(fit$loglik), one(conc), num(zph), getRversion(), packageVersion("survival")),
  file = file.path(here, "survival.json"))
