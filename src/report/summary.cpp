// Counting what the tests found.
#include "tare/report/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tare::report {

namespace {

double median(std::vector<double> values) {
    if (values.empty()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : values[half - 1] / 2.0 + values[half] / 2.0;
}

TestSummary summed_up(const State& state, Test SiteEffect::* test) {
    TestSummary out;
    std::vector<double> effects;
    for (const SiteEffect& effect : state.effects) {
        const Test& one = effect.*test;
        if (std::isfinite(one.q)) {
            ++out.tested;
            out.found += one.q < discovery_rate ? 1 : 0;
        }
        if (std::isfinite(one.effect)) {
            effects.push_back(one.effect);
        }
    }
    out.median_effect = median(std::move(effects));
    return out;
}

}  // namespace

std::vector<SummaryRow> test_summary(const Report& report) {
    std::vector<SummaryRow> rows{
        {.name = "ANOVA",
         .asks = "means, after covariates",
         .effect = "partial η²",
         .test = &SiteEffect::anova,
         .sides = {}},
        {.name = "Kruskal–Wallis",
         .asks = "means, by ranks",
         .effect = "ε²",
         .test = &SiteEffect::kruskal_wallis,
         .sides = {}},
        {.name = "Brown–Forsythe", .asks = "spreads", .effect = "η²", .test = &SiteEffect::brown_forsythe, .sides = {}},
        {.name = "Fligner–Killeen",
         .asks = "spreads, by ranks",
         .effect = "χ²/(n − 1)",
         .test = &SiteEffect::fligner_killeen,
         .sides = {}},
        {.name = "Anderson–Darling",
         .asks = "whole distributions",
         .effect = "",
         .test = &SiteEffect::anderson_darling,
         .sides = {}},
    };
    for (SummaryRow& row : rows) {
        row.sides = {summed_up(report.before, row.test), summed_up(report.after, row.test)};
    }
    return rows;
}

double median_site_share(const State& state) {
    std::vector<double> shares;
    for (const VarianceShares& each : state.shares) {
        if (std::isfinite(each.site)) {
            shares.push_back(each.site);
        }
    }
    return median(std::move(shares));
}

}  // namespace tare::report
