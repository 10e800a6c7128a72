# Several metrics, a guardrail: Welch-Satterthwaite contrasts of the cells, Holm over all of them, one-sided Welch tests against the margin.
# Rscript tests/reference/factorial/several.R > tests/reference/factorial/several.json
i <- 0:959
a <- i %% 2
b <- (i %/% 2) %% 2
kept <- ((i * 37) %% 101) / 10 + 1.2 * a + 0.9 * b + 1.6 * a * b
revenue <- ((i * 53) %% 97) / 20 + 0.5 * a + 0.2 * b
refunds <- ((i * 29) %% 83) / 10 + 0.1 * a
contrast <- function(y, w) {
  m <- tapply(y, list(a, b), mean); v <- tapply(y, list(a, b), var); n <- tapply(y, list(a, b), length)
  part <- w^2 * v / n
  df <- sum(part)^2 / sum(part^2 / (n - 1))
  est <- sum(w * m)
  c(value = est, se = sqrt(sum(part)), df = df, p = 2 * pt(-abs(est) / sqrt(sum(part)), df))
}
ab <- matrix(c(1, -1, -1, 1), 2)           # rows a = 0, 1; columns b = 0, 1
ma <- matrix(c(-.5, .5, -.5, .5), 2)
mb <- matrix(c(-.5, -.5, .5, .5), 2)
all <- lapply(list(kept = kept, revenue = revenue), function(y) rbind(contrast(y, ab), contrast(y, ma), contrast(y, mb)))
p <- c(all$kept[, "p"], all$revenue[, "p"])
holm <- p.adjust(p, "holm")
x <- refunds[a == 1 & b == 1]
y <- refunds[a == 0 & b == 0]
rel <- t.test(x, 1.15 * y, alternative = "less")$p.value
abs <- t.test(x, y, mu = 0.6, alternative = "less")$p.value
two <- t.test(x, y)$conf.int
num <- function(v) paste0("[", paste(sprintf("%.15g", v), collapse = ", "), "]")
cat(sprintf('{ "tool": "%s, t.test and p.adjust", "date": "2026-11-22",\n  "kept": { "value": %s, "p": %s },\n  "revenue": { "value": %s, "p": %s },\n  "holm": %s,\n  "relative": %.15g, "absolute": %.15g, "interval": %s }\n',
  R.version.string, num(all$kept[, "value"]), num(all$kept[, "p"]), num(all$revenue[, "value"]), num(all$revenue[, "p"]), num(holm), rel, abs, num(two)))
