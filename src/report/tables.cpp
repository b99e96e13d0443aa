// Cells of the tables on people, tests and features.
#include "tables.hpp"

#include <algorithm>
#include <cmath>

#include "plots.hpp"
#include "tare/report/shown.hpp"
#include "tare/report/summary.hpp"

namespace tare::report::detail {

Table site_table(const Report& report) {
    Table table{.title = "Sites", .header = {"Site", "people"}, .rows = {}};
    if (!report.age.empty()) {
        table.header.insert(table.header.end(), {report.age + ", mean", report.age + ", SD", report.age + ", range"});
    }
    for (const std::string& level : report.levels) {
        table.header.push_back(report.category + " " + level);
    }
    table.header.emplace_back("missing cells before");
    table.header.emplace_back("missing cells after");
    const bool flagged = std::ranges::any_of(report.sites, &Site::flagged);
    if (flagged) {
        table.header.emplace_back("remark");
    }
    for (const Site& site : report.sites) {
        std::vector<std::string> row{site.name, std::to_string(site.n)};
        if (!report.age.empty()) {
            row.insert(row.end(), {shown(site.age_mean), shown(site.age_sd), shown_range(site.age_least, site.age_most)});
        }
        for (std::size_t l = 0; l < report.levels.size(); ++l) {
            row.push_back(l < site.level_counts.size() ? std::to_string(site.level_counts[l]) : "n/a");
        }
        row.push_back(shown_share(site.missing_share));
        row.push_back(shown_share(site.missing_share_after));
        if (flagged) {
            row.emplace_back(site.flagged ? "few people" : "");
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table test_table(const Report& report) {
    Table table{.title = "Site tests over all features",
                .header = {"Test", "compares", "before", "after", "before", "after"},
                .rows = {},
                .groups = {{"features with q < 0.05"}, {"median effect size"}},
                .names = 2};
    for (const SummaryRow& row : test_summary(report)) {
        std::vector<std::string> cells{row.kind.name, row.kind.asks};
        for (const TestSummary& side : row.sides) {
            cells.push_back(std::to_string(side.found) + " of " + std::to_string(side.tested));
        }
        for (const TestSummary& side : row.sides) {
            cells.push_back(row.kind.effect.empty() ? "" : shown(side.median_effect));
        }
        table.rows.push_back(std::move(cells));
    }
    return table;
}

Table multivariate_table(const Report& report) {
    Table table{.title = "All features together",
                .header = {"All features together", "", "people", "features", "statistic", "p", "effect size"},
                .rows = {},
                .groups = {},
                .names = 2};
    for (const Side& side : sides(report)) {
        if (!side.state->multivariate_name.empty()) {
            const Test& test = side.state->multivariate;
            table.rows.push_back({side.state->multivariate_name, side.word, std::to_string(side.state->multivariate_people),
                                  std::to_string(side.state->multivariate_features), shown(test.statistic), shown_p(test.p),
                                  shown(test.effect)});
        }
    }
    return table;
}

Table feature_table(const Report& report, std::size_t most) {
    Table table{
        .title = "All features, the largest site effect before first",
        .header = {"Feature", "before", "after", "before", "after", "before", "after", "before", "after", "before", "after",
                   "before", "after"},
        .rows = {},
        .groups = {{"Means, η²"}, {"Means, q"}, {"Spreads, η²"}, {"Spreads, q"}, {"Distributions, q"}, {"Share of site"}}};
    for (const Index f : worst(report, most)) {
        const SiteEffect& b = at(report.before.effects, f);
        const SiteEffect& a = at(report.after.effects, f);
        table.rows.push_back({at(report.features, f), shown(b.anova.effect), shown(a.anova.effect), shown_p(b.anova.q),
                              shown_p(a.anova.q), shown(b.brown_forsythe.effect), shown(a.brown_forsythe.effect),
                              shown_p(b.brown_forsythe.q), shown_p(a.brown_forsythe.q), shown_p(b.anderson_darling.q),
                              shown_p(a.anderson_darling.q), shown_share(at(report.before.shares, f).site),
                              shown_share(at(report.after.shares, f).site)});
    }
    return table;
}

Table box_table(const Report& report) {
    Table table{.title = "Quartiles by site",
                .header = {"Feature", "Site", "n", "lower quartile", "median", "upper quartile", "mean", "SD",
                           "lower quartile", "median", "upper quartile", "mean", "SD"},
                .rows = {},
                .groups = {{"before", 5}, {"after", 5}},
                .names = 2};
    for (const Index f : boxed_features(report)) {
        for (std::size_t s = 0; s < report.sites.size(); ++s) {
            const Box& before = at(report.before.boxes, f)[s];
            std::vector<std::string> row{at(report.features, f), report.sites[s].name, std::to_string(before.n)};
            for (const Side& side : sides(report)) {
                const Box& box = at(side.state->boxes, f)[s];
                for (const double value : {box.lower_quartile, box.median, box.upper_quartile, box.mean, box.sd}) {
                    row.push_back(box.n > 0 ? shown(value) : "n/a");
                }
            }
            table.rows.push_back(std::move(row));
        }
    }
    return table;
}

Table share_table(const Report& report, std::size_t most) {
    Table table{.title = "Shares of variance", .header = {"Feature"}, .rows = {}};
    for (const Side& side : sides(report)) {
        table.header.emplace_back("site");
        table.header.insert(table.header.end(), report.terms.begin(), report.terms.end());
        table.header.emplace_back("none of them");
        table.header.emplace_back("shared by them");
        table.groups.push_back({side.word, report.terms.size() + 3});
    }
    for (const Index f : worst(report, most)) {
        std::vector<std::string> row{at(report.features, f)};
        for (const Side& side : sides(report)) {
            const VarianceShares& shares = at(side.state->shares, f);
            row.push_back(shown_share(shares.site));
            for (std::size_t t = 0; t < report.terms.size(); ++t) {
                row.push_back(t < shares.terms.size() ? shown_share(shares.terms[t]) : "n/a");
            }
            row.push_back(shown_share(shares.rest));
            row.push_back(shown_share(shared_share(shares)));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

namespace {

void append(std::vector<std::string>& row, const Slope& slope) {
    row.push_back(shown(slope.estimate));
    row.push_back(shown_range(slope.low, slope.high));
}

}  // namespace

Table slope_table(const Report& report) {
    Table table{.title = "Covariate slopes, mean over features, in standard deviations of a feature",
                .header = {"Covariate", "slope", "95 % interval", "slope", "95 % interval", "slope", "95 % interval"},
                .rows = {},
                .groups = {{"before"}, {"after"}, {"difference"}}};
    for (std::size_t t = 0; t < std::min(report.terms.size(), report.mean_slopes.size()); ++t) {
        std::vector<std::string> row{report.terms[t]};
        for (const Slope& slope : report.mean_slopes[t]) {
            append(row, slope);
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table feature_slope_table(const Report& report, std::size_t most) {
    Table table{.title = "Covariate slopes by feature",
                .header = {"Feature", "Covariate", "slope", "95 % interval", "slope", "95 % interval"},
                .rows = {},
                .groups = {{"before"}, {"after"}},
                .names = 2};
    for (std::size_t t = 0; t < std::min({report.terms.size(), report.before.slopes.size(), report.after.slopes.size()});
         ++t) {
        for (const Index f : worst(report, most)) {
            std::vector<std::string> row{at(report.features, f), report.terms[t]};
            for (const Side& side : sides(report)) {
                append(row, at(side.state->slopes[t], f));
            }
            table.rows.push_back(std::move(row));
        }
    }
    return table;
}

Table component_table(const Report& report) {
    Table table{.title = "Variance that the components hold", .header = {"Table", "Component 1", "Component 2"}, .rows = {}};
    for (const Side& side : sides(report)) {
        table.rows.push_back(
            {side.word, shown_share(side.state->component_share[0]), shown_share(side.state->component_share[1])});
    }
    return table;
}

Table correlation_table(const Report& report) {
    constexpr std::size_t most = 12;
    Table table{.title = "Pairs whose correlation changed most",
                .header = {"Feature", "and", "before", "after"},
                .rows = {},
                .groups = {},
                .names = 2};
    struct Pair {
        Index i, j;
        double change;
    };
    std::vector<Pair> pairs;
    const auto count = static_cast<Index>(report.correlation_features.size());
    for (Index i = 0; i < std::min(count, report.before.correlation.rows()); ++i) {
        for (Index j = 0; j < i; ++j) {
            const double change = std::abs(report.after.correlation(i, j) - report.before.correlation(i, j));
            if (std::isfinite(change)) {
                pairs.push_back({i, j, change});
            }
        }
    }
    std::sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
        return a.change != b.change ? a.change > b.change : (a.i != b.i ? a.i < b.i : a.j < b.j);
    });
    pairs.resize(std::min(pairs.size(), most));
    for (const Pair& pair : pairs) {
        table.rows.push_back({at(report.features, at(report.correlation_features, pair.i)),
                              at(report.features, at(report.correlation_features, pair.j)),
                              shown(report.before.correlation(pair.i, pair.j)),
                              shown(report.after.correlation(pair.i, pair.j))});
    }
    return table;
}

Table shift_table(const Report& report) {
    Table table{.title = "Shift γ* and spread √δ* of each site", .header = {"Feature"}, .rows = {}};
    if (report.model.empty()) {
        return table;
    }
    const ModelFacts& model = report.model.front();
    constexpr Index most = 20;
    for (const std::string& site : model.sites) {
        table.header.insert(table.header.end(), {"γ*", "√δ*"});
        table.groups.push_back({site, 2});
    }
    for (Index f = 0; f < std::min(most, model.gamma_star.columns()); ++f) {
        std::vector<std::string> row{at(model.features, f)};
        for (Index s = 0; s < model.gamma_star.rows(); ++s) {
            row.push_back(shown(model.gamma_star(s, f)));
            row.push_back(model.delta_star.empty() ? "n/a" : shown(std::sqrt(model.delta_star(s, f))));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table prior_table(const Report& report) {
    Table table{.title = "Priors and uncertainty by site",
                .header = {"Site", "n", "γ̄", "τ²", "a", "b", "posterior SD of γ"},
                .rows = {}};
    if (report.model.empty()) {
        return table;
    }
    const ModelFacts& model = report.model.front();
    const auto cell = [](const std::vector<double>& values, std::size_t s) {
        return s < values.size() ? shown(values[s]) : "n/a";
    };
    for (std::size_t s = 0; s < model.sites.size(); ++s) {
        table.rows.push_back({model.sites[s], cell(model.sizes, s), cell(model.gamma_bar, s), cell(model.tau2, s),
                              cell(model.a, s), cell(model.b, s), cell(model.uncertainty, s)});
    }
    return table;
}

}  // namespace tare::report::detail
