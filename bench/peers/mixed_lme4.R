# lme4 on the mixed model of Gnomon.Benchmarks/MixedWorkload.cs: seconds of the median of several fits, as JSON; lmerTest's table beside it.
suppressPackageStartupMessages({library(lme4); library(lmerTest)})
folder <- commandArgs(TRUE)[1]
read <- function(name) { path <- file.path(folder, paste0(name, ".f64")); readBin(path, "double", file.size(path) / 8) }
d <- data.frame(y = read("mixed_y"), x = read("mixed_x"), g = factor(read("mixed_g")))
middle <- function(f, runs) median(replicate(runs, system.time(f())[["elapsed"]]))
fit <- lme4::lmer(y ~ x + (x | g), d)
plain <- middle(function() lme4::lmer(y ~ x + (x | g), d), 5)
tested <- middle(function() summary(lmerTest::lmer(y ~ x + (x | g), d)), 1)
cat(sprintf('{"mixed-slope-100k": %.6f, "mixed-slope-100k-satterthwaite": %.6f, "criterion": %.9f, "version": "R %s, lme4 %s"}\n', plain, tested, REMLcrit(fit), getRversion(), packageVersion("lme4")))
