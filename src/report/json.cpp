// The order and the names of everything in the JSON of a report.
#include "tare/report/json.hpp"

#include <array>
#include <cmath>
#include <string_view>

#include "json_writer.hpp"
#include "tare/report/summary.hpp"

namespace tare::report {
namespace {

constexpr std::array<std::string_view, 2> states{"before", "after"};

std::size_t at(Index i) {
    return static_cast<std::size_t>(i);
}

std::vector<std::string> names_of(const Report& report, const std::vector<Index>& features) {
    std::vector<std::string> names;
    for (const Index f : features) names.push_back(report.features[at(f)]);
    return names;
}

std::vector<double> figures_of(const Test& test) {
    return {test.statistic, test.p, test.q, test.effect};
}

std::vector<double> figures_of(const Slope& slope) {
    return {slope.estimate, slope.low, slope.high};
}

std::vector<double> figures_of(const Box& box) {
    return {static_cast<double>(box.n), box.least,        box.low_whisker, box.lower_quartile, box.median,
            box.upper_quartile,         box.high_whisker, box.most,        box.mean,           box.sd};
}

void put_feature(JsonWriter& json, const Report& report, const State& state, std::size_t feature) {
    for (const SiteTest& kind : site_tests()) json.field(kind.key, figures_of(state.effects[feature].*kind.test));
    json.object("variance_shares", [&] {
        const VarianceShares& shares = state.shares[feature];
        json.field("site", shares.site);
        json.field("terms", shares.terms);
        json.field("rest", shares.rest);
        json.field("shared", shared_share(shares));
    });
    std::vector<Slope> slopes;
    for (std::size_t term = 0; term < report.terms.size(); ++term) slopes.push_back(state.slopes[term][feature]);
    json.list("slopes", slopes, [&](const Slope& slope) { json.values(figures_of(slope)); });
    json.list("sites", state.boxes[feature], [&](const Box& box) { json.values(figures_of(box)); });
}

void put_state(JsonWriter& json, const Report& report, const State& state) {
    json.object("multivariate", [&] {
        json.field("name", state.multivariate_name);
        json.field("people", state.multivariate_people);
        json.field("features", state.multivariate_features);
        json.field("statistic", state.multivariate.statistic);
        json.field("p", state.multivariate.p);
        json.field("effect", state.multivariate.effect);
    });
    json.object("features", [&] {
        for (std::size_t f = 0; f < report.features.size(); ++f)
            json.object(report.features[f], [&] { put_feature(json, report, state, f); });
    });
    json.field("component_share", std::vector<double>(state.component_share.begin(), state.component_share.end()));
    json.field("scores", state.scores);
    json.field("correlation", state.correlation);
    json.list("curves", state.curves, [&](const std::vector<std::vector<double>>& feature) {
        json.list(feature, [&](const std::vector<double>& site) { json.values(site); });
    });
}

void put_site(JsonWriter& json, const Site& site) {
    json.object([&] {
        json.field("name", site.name);
        json.field("n", site.n);
        json.field("age_mean", site.age_mean);
        json.field("age_sd", site.age_sd);
        json.field("age_least", site.age_least);
        json.field("age_most", site.age_most);
        json.field("level_counts", site.level_counts);
        json.field("missing_share", site.missing_share);
        json.field("missing_share_after", site.missing_share_after);
        json.field("flagged", site.flagged);
    });
}

/// √δ*: the factor by which a site spreads.
base::Matrix<double> spread_of(const base::Matrix<double>& delta) {
    base::Matrix<double> out = delta;
    for (Index i = 0; i < out.rows(); ++i) {
        for (double& value : out.row(i)) value = std::sqrt(value);
    }
    return out;
}

void put_model(JsonWriter& json, const ModelFacts& model) {
    json.field("method", model.method);
    json.field("convention", model.convention);
    json.field("tool", model.tool_version);
    json.field("sites", model.sites);
    json.field("features", model.features);
    json.field("curved", model.curved);
    json.field("gamma_hat", model.gamma_hat);
    json.field("gamma_star", model.gamma_star);
    json.field("delta_hat", model.delta_hat);
    json.field("delta_star", model.delta_star);
    json.field("spread_star", spread_of(model.delta_star));
    json.field("gamma_bar", model.gamma_bar);
    json.field("tau2", model.tau2);
    json.field("a", model.a);
    json.field("b", model.b);
    json.field("uncertainty", model.uncertainty);
    json.field("sizes", model.sizes);
    json.field("unchanged", model.unchanged);
}

void put_summary(JsonWriter& json, const Report& report) {
    json.field("discovery_rate", discovery_rate);
    json.field("interval", 0.95);
    json.field("features", static_cast<Index>(report.features.size()));
    json.field("sites", static_cast<Index>(report.sites.size()));
    json.field("flagged_sites", flagged_sites(report));
    json.field("missing_share", missing_share(report));
    json.field("missing_share_after", missing_share(report, &Site::missing_share_after));
    json.object("tests", [&] {
        for (const SummaryRow& row : test_summary(report)) {
            json.object(row.kind.key, [&] {
                for (std::size_t i = 0; i < states.size(); ++i) {
                    json.object(states[i], [&] {
                        json.field("tested", row.sides[i].tested);
                        json.field("found", row.sides[i].found);
                        json.field("median_effect", row.sides[i].median_effect);
                    });
                }
            });
        }
    });
    json.field("chance_share", chance_share(report));
    json.object("median_site_share", [&] {
        json.field("before", median_site_share(report.before));
        json.field("after", median_site_share(report.after));
    });
}

void put_cohort(JsonWriter& json, const Report& report) {
    json.field("people", report.people);
    json.field("terms", report.terms);
    json.field("curved", report.curved);
    json.field("age", report.age);
    json.field("category", report.category);
    json.field("levels", report.levels);
    json.list("sites", report.sites, [&](const Site& site) { put_site(json, site); });
    json.field("site_of", report.site_of);
    json.field("age_of", report.age_of);
}

void put_kept(JsonWriter& json, const Report& report) {
    constexpr std::array<std::string_view, 3> names{"before", "after", "difference"};
    for (std::size_t term = 0; term < report.mean_slopes.size(); ++term) {
        json.object(report.terms[term], [&] {
            for (std::size_t i = 0; i < names.size(); ++i) json.field(names[i], figures_of(report.mean_slopes[term][i]));
        });
    }
}

void put_comparison(JsonWriter& json, const Report& report) {
    const Comparison& comparison = report.comparison;
    json.field("same_values", comparison.same_values);
    json.object("constant_features", [&] {
        json.field("before", constant_features(report, report.before));
        json.field("after", constant_features(report, report.after));
    });
    json.object("slope_changes", [&] {
        for (std::size_t term = 0; term < report.terms.size(); ++term) {
            const SlopeChanges changes = slope_changes(report, term);
            json.object(report.terms[term], [&] {
                json.field("tested", changes.tested);
                json.field("changed", changes.changed);
            });
        }
    });
    json.object("features", [&] {
        for (std::size_t f = 0; f < comparison.correlation.size(); ++f) {
            json.object(report.features[f], [&] {
                json.field("correlation", comparison.correlation[f]);
                json.field("spread_ratio", comparison.spread_ratio[f]);
                std::vector<Slope> changes;
                for (const std::vector<Slope>& term : comparison.slope_changes) changes.push_back(term[f]);
                json.list("slope_changes", changes, [&](const Slope& slope) { json.values(figures_of(slope)); });
            });
        }
    });
}

void put_voxels(JsonWriter& json, const VoxelValues& voxels) {
    json.list("sites", voxels.sites, [&](const VoxelValues::Figures& site) {
        json.values(std::vector<double>{site.mean, site.sd, site.p05, site.median, site.p95});
    });
    json.list("shares", voxels.shares, [&](const std::vector<double>& shares) { json.values(shares); });
    json.field("voxels", voxels.voxels);
    json.field("below", voxels.below);
    json.field("above", voxels.above);
    json.field("overlap", voxels.overlap);
    json.field("least_overlap", voxels.least_overlap);
}

void put_histograms(JsonWriter& json, const Histograms& histograms) {
    json.field("edges", histograms.edges);
    json.field("site_columns", std::vector<std::string>{"mean", "sd", "p05", "median", "p95"});
    json.object("before", [&] { put_voxels(json, histograms.before); });
    json.object("after", [&] { put_voxels(json, histograms.after); });
}

void put_maps(JsonWriter& json, const Report& report) {
    json.list("maps", report.montages, [&](const Montage& map) {
        json.object([&] {
            json.field("title", map.title);
            json.field("largest", map.largest);
        });
    });
}

/// The member `name`: the only one of `facts`, or null where there is none.
template <typename Facts>
void put_only(JsonWriter& json, std::string_view name, const std::vector<Facts>& facts,
              void (&put)(JsonWriter&, const Facts&)) {
    json.key(name);
    if (facts.empty()) {
        json.null();
    } else {
        json.object([&] { put(json, facts.front()); });
    }
}

}  // namespace

std::string json(const Report& report) {
    JsonWriter json;
    json.object([&] {
        json.field("format", std::string("tare-report"));
        json.field("format_version", Index{1});
        json.field("tool", "tare " + report.version);
        json.field("before_file", report.before_name);
        json.field("after_file", report.after_name);
        json.field("of_images", report.of_images);
        json.field("verdict", report.verdict);
        json.field("remarks", report.remarks);
        json.object("summary", [&] { put_summary(json, report); });
        put_cohort(json, report);
        json.object("mean_slopes", [&] { put_kept(json, report); });
        json.object("comparison", [&] { put_comparison(json, report); });
        json.field("ranking", names_of(report, report.ranking));
        json.field("correlation_features", names_of(report, report.correlation_features));
        json.field("curve_features", names_of(report, report.curve_features));
        json.field("curve_ages", report.curve_ages);
        json.field("test_columns", std::vector<std::string>{"statistic", "p", "q", "effect"});
        json.field("slope_columns", std::vector<std::string>{"estimate", "low", "high"});
        json.field("site_columns", std::vector<std::string>{"n", "least", "low_whisker", "lower_quartile", "median",
                                                            "upper_quartile", "high_whisker", "most", "mean", "sd"});
        json.object("before", [&] { put_state(json, report, report.before); });
        json.object("after", [&] { put_state(json, report, report.after); });
        put_only(json, "model", report.model, put_model);
        put_only(json, "voxels", report.histograms, put_histograms);
        put_maps(json, report);
    });
    return std::move(json).finish();
}

}  // namespace tare::report
