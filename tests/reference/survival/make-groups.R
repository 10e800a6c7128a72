# Reference values for the comparison of survival in groups and strata. Run: Rscript make-groups.R (writes groups.json beside it).
suppressMessages(library(survival))
num <- function(v) paste0("[", paste(sprintf("%.17g", as.numeric(v)), collapse = ", "), "]")
one <- function(v) if (is.character(v)) paste0('"', v, '"') else if (is.list(v)) obj(v) else if (length(v) == 1) sprintf("%.17g", v) else num(v)
obj <- function(l) paste0("{", paste(mapply(function(n, v) paste0('"', n, '": ', one(v)), names(l), l), collapse = ",\n "), "}")
set.seed(20261122)
n <- 240; group <- rep(0:2, length.out = n); stratum <- rep(0:3, each = 60)
t0 <- ceiling(100 * rexp(n, c(1, 0.7, 0.6)[group + 1] * c(0.8, 1, 1.2, 1.5)[stratum + 1])); cen <- ceiling(runif(n, 30, 220)); time <- pmin(t0, cen); event <- as.numeric(t0 <= cen)
s <- Surv(time, event)
plain <- survdiff(s ~ group); strat <- survdiff(s ~ group + strata(stratum))
horizon <- 120
rm <- function(rows) { f <- survfit(Surv(time[rows], event[rows]) ~ 1); summary(f, rmean = horizon)$table[c("rmean", "se(rmean)")] }
m <- sapply(0:2, function(g) rm(group == g))
within <- { d <- 0; v <- 0; w <- 0; for (k in 0:3) { a <- rm(group == 1 & stratum == k); b <- rm(group == 0 & stratum == k); size <- sum(stratum == k & group < 2); d <- d + size * (a[1] - b[1]); v <- v + size^2 * (a[2]^2 + b[2]^2); w <- w + size }; c(d / w, sqrt(v) / w) }
two <- group < 2; cx <- coxph(Surv(time[two], event[two]) ~ group[two], ties = "efron"); z <- cox.zph(cx, transform = "km")
e <- sort(time[two][event[two] == 1]); mid <- e[floor((length(e) - 1) / 2) + 1]
early <- coxph(Surv(pmin(time[two], mid), event[two] * (time[two] <= mid)) ~ group[two]); later <- two & time > mid; late <- coxph(Surv(time[later], event[later]) ~ group[later])
cat(obj(list(time = time, event = event, group = group, stratum = stratum, horizon = horizon,
  logRank = list(chisq = plain$chisq, expected = plain$exp), stratified = list(chisq = strat$chisq, expected = rowSums(strat$exp), observed = rowSums(strat$obs)),
  means = m[1, ], errors = m[2, ], within = within, hazard = list(ratio = as.numeric(exp(coef(cx))), p = as.numeric(summary(cx)$coefficients[5]), zph = z$table[1, 3], early = as.numeric(exp(coef(early))), late = as.numeric(exp(coef(late)))),
  median = { f <- survfit(s ~ group, conf.type = "log-log"); as.numeric(summary(f)$table[, "median"]) },
  tool = paste0("R ", getRversion(), ", survival ", packageVersion("survival")), script = "make-groups.R", made = format(Sys.Date()))), "\n", file = "groups.json", sep = "")
