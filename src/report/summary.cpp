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

const std::vector<SiteTest>& site_tests() {
    static const std::vector<SiteTest> tests{
        {"anova", "ANOVA", "means, after covariates", "partial η²", &SiteEffect::anova},
        {"kruskal_wallis", "Kruskal–Wallis", "means, by ranks", "ε²", &SiteEffect::kruskal_wallis},
        {"brown_forsythe", "Brown–Forsythe", "spreads", "η²", &SiteEffect::brown_forsythe},
        {"fligner_killeen", "Fligner–Killeen", "spreads, by ranks", "χ²/(n − 1)", &SiteEffect::fligner_killeen},
        {"anderson_darling", "Anderson–Darling", "whole distributions", "", &SiteEffect::anderson_darling}};
    return tests;
}

std::vector<SummaryRow> test_summary(const Report& report) {
    std::vector<SummaryRow> rows;
    for (const SiteTest& kind : site_tests()) {
        rows.push_back({kind, {summed_up(report.before, kind.test), summed_up(report.after, kind.test)}});
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

double chance_share(const Report& report) {
    const auto people = static_cast<double>(report.people), sites = static_cast<double>(report.sites.size());
    return people > 1.0 ? (sites - 1.0) / (people - 1.0) : std::numeric_limits<double>::quiet_NaN();
}

double shared_share(const VarianceShares& shares) {
    constexpr double rounding = 1e-12;
    double sum = shares.rest + (std::isfinite(shares.site) ? shares.site : 0.0);
    for (const double term : shares.terms) sum += std::isfinite(term) ? term : 0.0;
    return std::abs(1.0 - sum) < rounding ? 0.0 : 1.0 - sum;
}

double missing_share(const Report& report, double Site::* of) {
    double missing = 0.0;
    for (const Site& site : report.sites) {
        missing += site.*of * static_cast<double>(site.n) / static_cast<double>(report.people);
    }
    return missing;
}

std::vector<std::string> constant_features(const Report& report, const State& state) {
    std::vector<std::string> out;
    for (std::size_t f = 0; f < report.features.size(); ++f) {
        if (!std::isfinite(state.shares[f].rest)) out.push_back(report.features[f]);
    }
    return out;
}

SlopeChanges slope_changes(const Report& report, std::size_t term) {
    // Less than a millionth of the interval is rounding.
    constexpr double rounding = 1e-6;
    SlopeChanges out;
    if (term >= report.comparison.slope_changes.size()) return out;
    const std::vector<Slope>& changes = report.comparison.slope_changes[term];
    for (std::size_t f = 0; f < changes.size(); ++f) {
        if (!std::isfinite(changes[f].low) || !std::isfinite(changes[f].high)) continue;
        const Slope& before = report.before.slopes[term][f];
        const bool excludes_zero = changes[f].low > 0.0 || changes[f].high < 0.0;
        ++out.tested;
        out.changed += excludes_zero && std::abs(changes[f].estimate) > rounding * (before.high - before.low) ? 1 : 0;
    }
    return out;
}

Index flagged_sites(const Report& report) {
    return std::count_if(report.sites.begin(), report.sites.end(), [](const Site& site) { return site.flagged; });
}

}  // namespace tare::report
