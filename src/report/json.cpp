// The order and the names of everything in the JSON of a report.
#include "tare/report/json.hpp"

#include <array>
#include <limits>
#include <string_view>

#include "json_writer.hpp"

namespace tare::report {
namespace {

std::size_t at(Index i) {
    return static_cast<std::size_t>(i);
}

std::vector<std::string> names_of(const Report& report, const std::vector<Index>& features) {
    std::vector<std::string> names;
    for (const Index f : features) names.push_back(report.features[at(f)]);
    return names;
}

void put(JsonWriter& json, const Test& test) {
    json.values(std::vector<double>{test.statistic, test.p, test.q, test.effect});
}

void put(JsonWriter& json, const Slope& slope) {
    json.values(std::vector<double>{slope.estimate, slope.low, slope.high});
}

void put(JsonWriter& json, const base::Matrix<double>& matrix) {
    json.begin_list();
    for (Index i = 0; i < matrix.rows(); ++i) {
        const auto row = matrix.row(i);
        json.values(std::vector<double>(row.begin(), row.end()));
    }
    json.end_list();
}

void put_feature(JsonWriter& json, const Report& report, const State& state, Index feature) {
    const SiteEffect& effect = state.effects[at(feature)];
    json.begin_object();
    const auto test = [&](std::string_view name, const Test& one) {
        json.key(name);
        put(json, one);
    };
    test("anova", effect.anova);
    test("kruskal_wallis", effect.kruskal_wallis);
    test("brown_forsythe", effect.brown_forsythe);
    test("fligner_killeen", effect.fligner_killeen);
    test("anderson_darling", effect.anderson_darling);
    const VarianceShares& shares = state.shares[at(feature)];
    json.key("variance_shares");
    json.begin_object();
    json.field("site", shares.site);
    json.field("terms", shares.terms);
    json.field("rest", shares.rest);
    json.end_object();
    json.key("slopes");
    json.begin_list();
    for (std::size_t term = 0; term < report.terms.size(); ++term) put(json, state.slopes[term][at(feature)]);
    json.end_list();
    json.key("sites");
    json.begin_list();
    for (const Box& box : state.boxes[at(feature)]) {
        json.values(std::vector<double>{static_cast<double>(box.n), box.least, box.low_whisker, box.lower_quartile,
                                        box.median, box.upper_quartile, box.high_whisker, box.most, box.mean, box.sd});
    }
    json.end_list();
    json.end_object();
}

void put_state(JsonWriter& json, const Report& report, const State& state) {
    json.begin_object();
    json.key("multivariate");
    json.begin_object();
    json.field("name", state.multivariate_name);
    json.field("statistic", state.multivariate.statistic);
    json.field("p", state.multivariate.p);
    json.field("effect", state.multivariate.effect);
    json.end_object();
    json.key("features");
    json.begin_object();
    for (std::size_t f = 0; f < report.features.size(); ++f) {
        json.key(report.features[f]);
        put_feature(json, report, state, static_cast<Index>(f));
    }
    json.end_object();
    json.field("component_share", std::vector<double>(state.component_share.begin(), state.component_share.end()));
    json.key("scores");
    put(json, state.scores);
    json.key("correlation");
    put(json, state.correlation);
    json.key("curves");
    json.begin_list();
    for (const auto& feature : state.curves) {
        json.begin_list();
        for (const std::vector<double>& site : feature) json.values(site);
        json.end_list();
    }
    json.end_list();
    json.end_object();
}

void put_site(JsonWriter& json, const Site& site) {
    json.begin_object();
    json.field("name", site.name);
    json.field("n", site.n);
    json.field("age_mean", site.age_mean);
    json.field("age_sd", site.age_sd);
    json.field("age_least", site.age_least);
    json.field("age_most", site.age_most);
    json.field("level_counts", site.level_counts);
    json.field("missing_share", site.missing_share);
    json.field("flagged", site.flagged);
    json.end_object();
}

void put_model(JsonWriter& json, const ModelFacts& model) {
    json.begin_object();
    json.field("method", model.method);
    json.field("convention", model.convention);
    json.field("tool", model.tool_version);
    json.field("sites", model.sites);
    json.field("features", model.features);
    const auto matrix = [&](std::string_view name, const base::Matrix<double>& values) {
        json.key(name);
        put(json, values);
    };
    matrix("gamma_hat", model.gamma_hat);
    matrix("gamma_star", model.gamma_star);
    matrix("delta_hat", model.delta_hat);
    matrix("delta_star", model.delta_star);
    json.field("gamma_bar", model.gamma_bar);
    json.field("tau2", model.tau2);
    json.field("a", model.a);
    json.field("b", model.b);
    json.field("uncertainty", model.uncertainty);
    json.field("sizes", model.sizes);
    json.field("unchanged", model.unchanged);
    json.end_object();
}

void put_cohort(JsonWriter& json, const Report& report) {
    json.field("people", report.people);
    json.field("terms", report.terms);
    json.field("age", report.age);
    json.field("category", report.category);
    json.field("levels", report.levels);
    json.key("sites");
    json.begin_list();
    for (const Site& site : report.sites) put_site(json, site);
    json.end_list();
    json.field("site_of", report.site_of);
    json.field("age_of", report.age_of);
}

void put_kept(JsonWriter& json, const Report& report) {
    json.key("mean_slopes");
    json.begin_object();
    for (std::size_t term = 0; term < report.mean_slopes.size(); ++term) {
        json.key(report.terms[term]);
        json.begin_object();
        const std::array<std::string_view, 3> names{"before", "after", "difference"};
        for (std::size_t i = 0; i < names.size(); ++i) {
            json.key(names[i]);
            put(json, report.mean_slopes[term][i]);
        }
        json.end_object();
    }
    json.end_object();
}

}  // namespace

std::string json(const Report& report) {
    JsonWriter json;
    json.begin_object();
    json.field("format", std::string("tare-report"));
    json.field("format_version", Index{1});
    json.field("tool", "tare " + report.version);
    json.field("before_file", report.before_name);
    json.field("after_file", report.after_name);
    json.field("verdict", report.verdict);
    json.field("remarks", report.remarks);
    put_cohort(json, report);
    put_kept(json, report);
    json.field("ranking", names_of(report, report.ranking));
    json.field("correlation_features", names_of(report, report.correlation_features));
    json.field("curve_features", names_of(report, report.curve_features));
    json.field("curve_ages", report.curve_ages);
    json.field("test_columns", std::vector<std::string>{"statistic", "p", "q", "effect"});
    json.field("slope_columns", std::vector<std::string>{"estimate", "low", "high"});
    json.field("site_columns", std::vector<std::string>{"n", "least", "low_whisker", "lower_quartile", "median",
                                                        "upper_quartile", "high_whisker", "most", "mean", "sd"});
    json.key("before");
    put_state(json, report, report.before);
    json.key("after");
    put_state(json, report, report.after);
    json.key("model");
    if (report.model.empty()) {
        json.number(std::numeric_limits<double>::quiet_NaN());
    } else {
        put_model(json, report.model.front());
    }
    json.end_object();
    return std::move(json).finish();
}

}  // namespace tare::report
