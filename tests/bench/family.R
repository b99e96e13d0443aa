# The peers in R, one feature after the other:
#   Rscript family.R gam|lmer SAMPLE.csv FEATURES OUT.csv
# gam fits mgcv's P-spline of age by REML and keeps the curve's degrees of freedom; lmer makes the call that longCombat makes
# for every feature and keeps the residual SD. The last line printed is the seconds of the fits alone.
arguments <- commandArgs(trailingOnly = TRUE)
table <- read.csv(arguments[2], stringsAsFactors = TRUE)
features <- head(grep("^measure_", names(table), value = TRUE), as.integer(arguments[3]))

gam_of <- function(feature) {
    fit <- mgcv::gam(as.formula(paste(feature, "~ site + sex + s(age, bs = 'ps', k = 10)")), data = table, method = "REML")
    sum(fit$edf[grep("s(age)", names(coef(fit)), fixed = TRUE)])
}
lmer_of <- function(feature) {
    fit <- lme4::lmer(as.formula(paste(feature, "~ age + sex + site + (1 | participant_id)")), data = table, REML = TRUE,
                      control = lme4::lmerControl(optimizer = "bobyqa"))
    sigma(fit)
}
peer <- list(gam = gam_of, lmer = lmer_of)[[arguments[1]]]
invisible(loadNamespace(if (arguments[1] == "gam") "mgcv" else "lme4"))

seconds <- system.time(found <- vapply(features, peer, 0.0))[["elapsed"]]
write.csv(data.frame(found = sprintf("%.17g", found)), arguments[4], row.names = FALSE, quote = FALSE)
cat(seconds, "\n")
