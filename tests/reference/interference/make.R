# Reference values for comparisons by cluster: CR2 and Satterthwaite degrees of freedom from clubSandwich, intra-class correlation from the mean squares of aov. Run: Rscript make.R
suppressMessages(library(clubSandwich))
json <- function(x) {
  if (is.list(x)) { if (!is.null(names(x))) paste0("{", paste0("\"", names(x), "\": ", sapply(x, json), collapse = ", "), "}") else paste0("[", paste(sapply(x, json), collapse = ",\n"), "]") }
  else if (is.character(x)) paste0("\"", x, "\"")
  else if (length(x) == 1) format(x, digits = 17, scientific = NA)
  else paste0("[", paste(format(x, digits = 17, trim = TRUE), collapse = ", "), "]")
}
answer <- function(y, arm, cluster) {
  fit <- lm(y ~ arm)
  test <- coef_test(fit, vcov = "CR2", cluster = cluster, test = "Satterthwaite")[2, ]
  df <- if (is.null(test$df)) test$df_Satt else test$df
  p <- if (is.null(test$p_val)) test$p_Satt else test$p_val
  ms <- anova(lm(y ~ factor(arm) + factor(cluster)))
  msb <- ms[["Mean Sq"]][2]; msw <- ms[["Mean Sq"]][3]; df1 <- ms[["Df"]][2]; df2 <- ms[["Df"]][3]
  sizes <- tapply(y, cluster, length); of <- tapply(arm, cluster, mean)
  n0 <- (length(y) - sum(tapply(sizes^2, of, sum) / tapply(sizes, of, sum))) / df1
  f <- msb / msw; low <- f / qf(.975, df1, df2); high <- f / qf(.025, df1, df2)
  icc <- (msb - msw) / (msb + (n0 - 1) * msw)
  list(difference = unname(coef(fit)[2]), error = test$SE, degrees = df, p = p, icc = icc, iccLow = (low - 1) / (low + n0 - 1), iccHigh = (high - 1) / (high + n0 - 1),
       design = 1 + (sum(sizes^2) / length(y) - 1) * icc)
}
set.seed(20)
made <- lapply(list(c(6, 5, 1), c(20, 14, .3), c(4, 4, 2), c(40, 9, 0)), function(v) {
  g <- v[1] + v[2]; sizes <- 2 + rpois(g, 6) * (1 + (seq_len(g) %% 5 == 0) * 3)
  cluster <- rep(seq_len(g), sizes); arm <- as.numeric(cluster <= v[1])
  y <- round(10 + .4 * arm + v[3] * rnorm(g)[cluster] + rnorm(length(cluster)), 3)
  c(list(cluster = cluster, arm = arm, y = y), answer(y, arm, cluster))
})
star <- read.csv(file.path(Sys.getenv("GNOMON_DATA"), "experiments", "star_class_size.csv.gz"))
star <- star[star$stark %in% c("small", "regular") & !is.na(star$mathk) & !is.na(star$schoolidk), ]
# A class is not named: a school, a kind of class and a teacher are one.
class <- with(star, paste(schoolidk, stark, experiencek, tethnicityk, degreek, ladderk, sep = "|"))
real <- answer(star$mathk, as.numeric(star$stark == "small"), as.integer(factor(class)))
writeLines(json(list(tool = R.version.string, clubSandwich = as.character(packageVersion("clubSandwich")), made = format(Sys.Date()), script = "make.R", sets = made,
  star = c(list(clusters = length(unique(class)), rows = nrow(star)), real))), "clusters.json")
