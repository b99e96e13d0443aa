// Who is in the tables, which features are shown, what the model holds.
#include "report_facts.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <numeric>

#include "report_comparison.hpp"
#include "report_index.hpp"
#include "report_state.hpp"
#include "report_verdict.hpp"
#include "tare/base/version.hpp"
#include "tare/stats/design.hpp"
#include "tare/stats/grouping.hpp"
#include "tare/stats/summaries.hpp"

namespace tare::commands {
namespace {

using base::Index;
using base::Matrix;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr Index few_people = 10, most_correlations = 60, most_curves = 6, curve_places = 33;

std::vector<Index> all_rows(Index count) {
    std::vector<Index> rows(at(count));
    std::iota(rows.begin(), rows.end(), Index{0});
    return rows;
}

void describe_covariates(const data::Cohort& cohort, const stats::Design& design, report::Report& out) {
    for (const data::Covariate& covariate : cohort.covariates) {
        if (!covariate.categorical && out.age.empty()) {
            out.age = covariate.name;
            out.age_of = covariate.numbers;
        }
        if (covariate.categorical && out.category.empty()) {
            out.category = covariate.name;
            for (const stats::DesignColumn& column : design.columns) {
                if (column.name == covariate.name) out.levels = column.levels;
            }
        }
    }
    if (out.age.empty()) out.age_of.assign(cohort.ids.size(), nan);
}

void describe_sites(const data::Cohort& cohort, const Matrix<double>& after, const stats::Grouping& sites,
                    report::Report& out) {
    const data::Covariate* category = out.category.empty() ? nullptr : cohort.covariate(out.category);
    const Matrix<double>& values = cohort.features.values;
    for (std::size_t s = 0; s < sites.names.size(); ++s) {
        const std::vector<Index>& rows = sites.rows[s];
        std::vector<double> ages;
        Index missing = 0, missing_after = 0;
        for (const Index i : rows) {
            ages.push_back(out.age_of[at(i)]);
            for (const double value : values.row(i)) missing += std::isnan(value) ? 1 : 0;
            for (const double value : after.row(i)) missing_after += std::isnan(value) ? 1 : 0;
        }
        const stats::BoxSummary box = stats::box_summary(ages);
        report::Site site{
            sites.names[s], static_cast<Index>(rows.size()), box.mean, box.sd, box.least, box.most, {}, 0.0, 0.0, false};
        for (const std::string& level : out.levels) {
            site.level_counts.push_back(
                std::count_if(rows.begin(), rows.end(), [&](Index i) { return category->levels[at(i)] == level; }));
        }
        const double cells = static_cast<double>(rows.size()) * static_cast<double>(values.columns());
        site.missing_share = static_cast<double>(missing) / cells;
        site.missing_share_after = static_cast<double>(missing_after) / cells;
        site.flagged = site.n < few_people;
        out.sites.push_back(std::move(site));
    }
}

/// Positions by a figure, the largest first; what is not a number comes last.
std::vector<Index> by_size(const std::vector<double>& figures) {
    std::vector<Index> order = all_rows(static_cast<Index>(figures.size()));
    const auto known = [&](Index i) { return std::isnan(figures[at(i)]) ? -1.0 : figures[at(i)]; };
    std::sort(order.begin(), order.end(),
              [&](Index a, Index b) { return known(a) != known(b) ? known(a) > known(b) : a < b; });
    return order;
}

/// The worst site effects, then the greatest effects of age.
void choose_curves(const std::vector<double>& age_shares, report::Report& out) {
    std::vector<Index>& chosen = out.curve_features;
    const auto add = [&](const std::vector<Index>& order, std::size_t upto) {
        for (const Index f : order) {
            if (chosen.size() >= upto) return;
            if (std::find(chosen.begin(), chosen.end(), f) == chosen.end()) chosen.push_back(f);
        }
    };
    add(out.ranking, at(most_curves / 2));
    add(by_size(age_shares), at(most_curves));
    const stats::BoxSummary ages = stats::box_summary(out.age_of);
    for (Index i = 0; i < curve_places; ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(curve_places - 1);
        out.curve_ages.push_back(i + 1 == curve_places ? ages.most : ages.least + share * (ages.most - ages.least));
    }
}

void choose_shown(report::Report& out) {
    std::vector<double> effects, age_shares;
    for (const report::SiteEffect& effect : out.before.effects) effects.push_back(effect.anova.effect);
    out.ranking = by_size(effects);
    const Index features = static_cast<Index>(out.features.size()), shown = std::min(features, most_correlations);
    for (Index i = 0; i < shown; ++i) out.correlation_features.push_back(i * features / shown);
    const auto term = std::find(out.terms.begin(), out.terms.end(), out.age);
    if (out.age.empty() || term == out.terms.end()) return;
    for (const report::VarianceShares& shares : out.before.shares)
        age_shares.push_back(shares.terms[static_cast<std::size_t>(term - out.terms.begin())]);
    choose_curves(age_shares, out);
}

ReportPeople coded(const ReportTables& tables, const stats::Design& straight, const stats::Grouping& sites) {
    const data::Cohort& cohort = tables.before;
    const stats::Design design = stats::learn_design(data::TrainingSet::all(cohort), tables.curves);
    const std::vector<Index> rows = all_rows(cohort.subjects());
    ReportPeople out{stats::code_covariates(design, cohort, rows),
                     {},
                     stats::code_covariates(straight, cohort, rows),
                     sites.of_row,
                     static_cast<Index>(sites.names.size())};
    for (const stats::DesignColumn& column : design.columns) {
        if (column.categorical) out.widths.insert(out.widths.end(), column.levels.size() - 1, 1);
        if (!column.categorical) out.widths.push_back(column.spline ? column.spline->terms() : 1);
    }
    return out;
}

std::string method_of(const stats::CombatOptions& options) {
    switch (options.method) {
        case stats::Method::covbat:
            return "CovBat";
        case stats::Method::longitudinal:
            return "longitudinal ComBat";
        case stats::Method::combatls:
            return "ComBatLS";
        case stats::Method::combat:
            break;
    }
    return options.mean_only ? "ComBat, mean only" : "ComBat";
}

report::ModelFacts facts_of(const io::SavedModel& saved) {
    const stats::CombatModel& model = saved.model;
    report::ModelFacts out;
    out.method = method_of(model.options);
    out.convention = io::convention_name(model.options.convention);
    out.tool_version = saved.tool;
    out.sites = model.sites;
    out.features = model.features.names();
    for (const stats::SmoothTerm& term : model.design.smooth_terms()) out.curved.push_back(term.name);
    out.gamma_hat = model.gamma_hat;
    out.gamma_star = model.gamma_star;
    out.delta_hat = model.delta_hat;
    out.delta_star = model.delta_star;
    for (std::size_t s = 0; s < model.sites.size(); ++s) {
        const auto& prior = model.prior[s];
        out.gamma_bar.push_back(prior ? prior->gamma_bar : nan);
        out.tau2.push_back(prior ? prior->tau2 : nan);
        out.a.push_back(prior ? prior->a : nan);
        out.b.push_back(prior ? prior->b : nan);
        double sum = 0.0, count = 0.0;
        for (Index f = 0; f < model.gamma_variance.columns(); ++f) {
            const double variance = model.gamma_variance(static_cast<Index>(s), f);
            if (!std::isfinite(variance)) continue;
            sum += std::sqrt(variance);
            count += 1.0;
        }
        out.uncertainty.push_back(count > 0.0 ? sum / count : nan);
        out.sizes.push_back(static_cast<double>(model.site_subjects[s]));
    }
    for (Index f = 0; f < model.features.count(); ++f) {
        bool adjusted = false;
        for (Index s = 0; s < model.status.rows(); ++s)
            adjusted = adjusted || (model.status(s, f) != stats::CellStatus::unchanged &&
                                    model.status(s, f) != stats::CellStatus::absent);
        if (!adjusted) out.unchanged.push_back(out.features[at(f)]);
    }
    return out;
}

/// A file's name; of a pattern of images, which all may have the same, the folder too.
std::string shown_name(const std::string& path) {
    const std::filesystem::path whole(path);
    if (path == "-") return "<stdin>";
    const bool pattern = path.find('{') != std::string::npos && whole.has_parent_path();
    return pattern ? (whole.parent_path().filename() / whole.filename()).string() : whole.filename().string();
}

void flag_single(const stats::CombatModel& model, std::vector<report::Site>& sites) {
    for (std::size_t s = 0; s < model.sites.size(); ++s) {
        if (model.site_subjects[s] != 1) continue;
        for (report::Site& site : sites) site.flagged = site.flagged || site.name == model.sites[s];
    }
}

}  // namespace

report::Report report_of(const ReportTables& tables, const std::optional<io::SavedModel>& model, ReportPictures pictures,
                         const std::string& before_name, const std::string& after_name, int threads) {
    const data::Cohort& cohort = tables.before;
    report::Report out;
    out.before_name = shown_name(before_name);
    out.after_name = shown_name(after_name);
    out.version = base::version();
    out.people = cohort.subjects();
    out.features = cohort.features.names;

    const data::TrainingSet all = data::TrainingSet::all(cohort);
    const stats::Design design = stats::learn_design(all);
    out.terms = design.terms();
    const stats::Grouping sites = stats::grouped(cohort.sites);
    out.site_of = sites.of_row;
    const ReportPeople people = coded(tables, design, sites);
    for (const stats::SmoothRequest& curve : tables.curves) out.curved.push_back(curve.name);
    describe_covariates(cohort, design, out);
    describe_sites(cohort, tables.after, sites, out);

    fill_state(people, cohort.features.values, threads, out.before);
    fill_state(people, tables.after, threads, out.after);
    fill_together(people, cohort.features.values, tables.after, out);
    choose_shown(out);
    fill_shown(people, out, cohort.features.values, threads, out.before);
    fill_shown(people, out, tables.after, threads, out.after);
    out.comparison = comparison_of(people, cohort.features.values, tables.after, out, threads);
    out.comparison.like_covariates = named_as_covariates(out.features, model);
    out.mean_slopes = mean_slopes(people, cohort.features.values, tables.after);
    if (model && model->model.features.kind() == data::FeatureKind::named) {
        out.model.push_back(facts_of(*model));
        flag_single(model->model, out.sites);
    }
    out.histograms = std::move(pictures.histograms);
    out.montages = std::move(pictures.montages);
    out.of_images = tables.of_images;
    out.verdict = verdict_of(out);
    out.remarks = remarks_of(out);
    return out;
}

}  // namespace tare::commands
