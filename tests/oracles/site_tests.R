# Tests between sites by R's own functions and kSamples. Reads table.csv (site, age, sex, y1, y2, ...) in the working folder;
# prints a line "NAME VALUE" for every figure.
d <- read.csv("table.csv", stringsAsFactors = TRUE)
features <- grep("^y", names(d), value = TRUE)

# Scholz, Stephens 1987, equations 3 to 5, written out sum by sum: kSamples rounds what it returns to five digits.
anderson_darling <- function(x, group) {
    n <- table(group)
    all <- length(x)
    k <- length(n)
    steps <- head(sort(unique(x)), -1)
    equal <- sapply(steps, function(z) sum(x == z))
    upto <- sapply(steps, function(z) sum(x <= z))
    sum <- 0
    for (g in names(n)) {
        own <- sapply(steps, function(z) sum(x[group == g] <= z))
        sum <- sum + sum(equal * (all * own - n[[g]] * upto)^2 / (upto * (all - upto))) / n[[g]]
    }
    H <- sum(1 / n)
    h <- sum(1 / seq_len(all - 1))
    g <- sum(sapply(seq_len(all - 2), function(i) sum(1 / ((all - i) * ((i + 1):(all - 1))))))
    a <- (4 * g - 6) * (k - 1) + (10 - 6 * g) * H
    b <- (2 * g - 4) * k^2 + 8 * h * k + (2 * g - 14 * h - 4) * H - 8 * h + 4 * g - 6
    c <- (6 * h + 2 * g - 2) * k^2 + (4 * h - 4 * g + 6) * k + (2 * h - 6) * H + 4 * h
    d <- (2 * h + 6) * k^2 - 4 * h * k
    variance <- (a * all^3 + b * all^2 + c * all + d) / ((all - 1) * (all - 2) * (all - 3))
    (sum / all - (k - 1)) / sqrt(variance)
}
say <- function(name, value) cat(sprintf("%s %.17g\n", name, value))

for (f in features) {
    own <- d[!is.na(d[[f]]), ]
    own$y <- own[[f]]
    full <- lm(y ~ age + sex + site, own)
    none <- lm(y ~ age + sex, own)
    table <- anova(none, full)
    say(paste0(f, ".anova"), table$F[2])
    say(paste0(f, ".anova_p"), table$`Pr(>F)`[2])
    total <- sum((own$y - mean(own$y))^2)
    say(paste0(f, ".site_share"), (deviance(none) - deviance(full)) / total)
    say(paste0(f, ".age_share"), (deviance(lm(y ~ sex + site, own)) - deviance(full)) / total)
    say(paste0(f, ".age"), coef(full)["age"])
    say(paste0(f, ".age_low"), confint(full)["age", 1])
    say(paste0(f, ".age_high"), confint(full)["age", 2])
    curve <- lm(y ~ age + I(age^2) + sex + site, own)
    table <- anova(lm(y ~ age + I(age^2) + sex, own), curve)
    say(paste0(f, ".beyond_curve"), table$F[2])
    say(paste0(f, ".beyond_curve_p"), table$`Pr(>F)`[2])
    say(paste0(f, ".curve_share"), (deviance(lm(y ~ sex + site, own)) - deviance(curve)) / total)
    # On a grid of powers of two, so that medians and distances are exact and ties are the same wherever they are computed.
    adjusted <- own$y - coef(full)["age"] * (own$age - mean(own$age)) - coef(full)["sexM"] * ((own$sex == "M") - mean(own$sex == "M"))
    adjusted <- round(adjusted * 2^20) / 2^20
    left <- round(residuals(none) * 2^20) / 2^20
    test <- kruskal.test(left, own$site)
    say(paste0(f, ".kruskal"), test$statistic)
    say(paste0(f, ".kruskal_p"), test$p.value)
    away <- abs(adjusted - ave(adjusted, own$site, FUN = median))
    test <- anova(lm(away ~ own$site))
    say(paste0(f, ".brown"), test$F[1])
    say(paste0(f, ".brown_p"), test$`Pr(>F)`[1])
    test <- fligner.test(adjusted, own$site)
    say(paste0(f, ".fligner"), test$statistic)
    say(paste0(f, ".fligner_p"), test$p.value)
    say(paste0(f, ".anderson"), anderson_darling(left, own$site))
    if (requireNamespace("kSamples", quietly = TRUE)) {
        test <- suppressWarnings(kSamples::ad.test(split(left, own$site)))
        say(paste0(f, ".ksamples"), test$ad[1, 2])
        say(paste0(f, ".ksamples_p"), test$ad[1, 3])
    }
}
complete <- d[complete.cases(d), ]
fit <- manova(as.matrix(complete[features]) ~ age + sex + site, complete)
pillai <- summary(fit, test = "Pillai")$stats["site", ]
say("pillai", pillai["Pillai"])
say("pillai_p", pillai["Pr(>F)"])

p <- c(0.01, 0.04, 0.03, NA, 0.005, 0.8, 0.03)
q <- p.adjust(p, "BH")
for (i in which(!is.na(q))) say(paste0("bh", i), q[i])
say("f_tail", pf(37.5, 22, 1053, lower.tail = FALSE))
say("chi_tail", pchisq(161.2, 22, lower.tail = FALSE))
say("t_quantile", qt(0.975, 7))
