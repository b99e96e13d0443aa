// Calls the tests of `stats` feature by feature, and puts what they find where the report has it.
#include "report_state.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "report_index.hpp"
#include "tare/base/error.hpp"
#include "tare/base/parallel.hpp"
#include "tare/base/text.hpp"
#include "tare/stats/anderson_darling.hpp"
#include "tare/stats/leading_components.hpp"
#include "tare/stats/multivariate_test.hpp"
#include "tare/stats/site_regression.hpp"
#include "tare/stats/site_tests.hpp"
#include "tare/stats/summaries.hpp"

namespace tare::commands {
namespace {

using base::Index;
using base::Matrix;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr Index fewest_for_a_curve = 10;

std::vector<double> column_of(const Matrix<double>& values, Index f) {
    std::vector<double> out(at(values.rows()));
    for (Index i = 0; i < values.rows(); ++i) out[at(i)] = values(i, f);
    return out;
}

report::Test test_of(const stats::GroupTest& test) {
    return {test.statistic, test.p, nan, test.effect};
}

report::Slope slope_of(const stats::SlopeInterval& slope) {
    return {slope.estimate, slope.low, slope.high};
}

report::Box box_of(const std::vector<double>& values) {
    const stats::BoxSummary box = stats::box_summary(values);
    return {box.n,    box.least, box.low_whisker, box.lower_quartile, box.median, box.upper_quartile, box.high_whisker,
            box.most, box.mean,  box.sd};
}

std::vector<report::Box> boxes_of(const std::vector<double>& values, const ReportPeople& people) {
    std::vector<std::vector<double>> own(at(people.sites));
    for (std::size_t i = 0; i < values.size(); ++i) own[at(people.site_of[i])].push_back(values[i]);
    std::vector<report::Box> out;
    for (const std::vector<double>& site : own) out.push_back(box_of(site));
    return out;
}

void fill_feature(const ReportPeople& people, const std::vector<double>& values,
                  const std::optional<stats::AndersonDarlingLimit>& limit, Index f, report::State& state) {
    const stats::FeatureRegression fit = regression_of(people, values);
    const stats::Groups pooled(fit.pooled_residuals, people.site_of, people.sites);
    // Without people to spare, what is left within sites is rounding.
    const std::vector<double> nothing(values.size(), nan);
    const stats::Groups adjusted(fit.spare > 0.0 ? fit.adjusted : nothing, people.site_of, people.sites);
    report::SiteEffect& effect = state.effects[at(f)];
    effect.anova = {fit.f, fit.p, nan, fit.partial};
    effect.kruskal_wallis = test_of(stats::kruskal_wallis(pooled));
    // About the sites' medians it makes no difference whether their own means are still in the values.
    effect.brown_forsythe = test_of(stats::brown_forsythe(adjusted));
    effect.fligner_killeen = test_of(stats::fligner_killeen(adjusted));
    effect.anderson_darling = test_of(stats::anderson_darling(pooled, limit ? &*limit : nullptr));
    state.shares[at(f)] = {fit.site_share, fit.term_shares, fit.rest_share};
    for (std::size_t term = 0; term < fit.slopes.size(); ++term) state.slopes[term][at(f)] = slope_of(fit.slopes[term]);
    state.boxes[at(f)] = boxes_of(values, people);
}

/// Throws Error (65) where no feature has people to spare beyond sites and covariates.
void check_people_to_spare(const ReportPeople& people, const Matrix<double>& values) {
    double most = -1.0;
    for (Index f = 0; f < values.columns() && most < 1.0; ++f) {
        const double spare = regression_of(people, column_of(values, f)).spare;
        most = std::max(most, std::isfinite(spare) ? spare : 1.0);
    }
    if (people.sites < 2 || most >= 1.0) return;
    throw base::degenerate(std::to_string(values.rows()) + " people at " + std::to_string(people.sites) + " sites, with " +
                               base::counted(at(people.codes.columns()), "column") +
                               " of covariates, leave nobody to test with",
                           "give fewer covariates or curves, or check that --site names the column of sites");
}

void control_false_discoveries(std::vector<report::SiteEffect>& effects) {
    for (report::Test report::SiteEffect::* const test :
         {&report::SiteEffect::anova, &report::SiteEffect::kruskal_wallis, &report::SiteEffect::brown_forsythe,
          &report::SiteEffect::fligner_killeen, &report::SiteEffect::anderson_darling}) {
        std::vector<double> p;
        for (const report::SiteEffect& effect : effects) p.push_back((effect.*test).p);
        const std::vector<double> q = stats::false_discovery_rates(p);
        for (std::size_t f = 0; f < effects.size(); ++f) (effects[f].*test).q = q[f];
    }
}

/// The ages and values of one site.
struct SiteValues {
    std::vector<double> ages, values;
};

std::vector<double> curve_of(const SiteValues& site, const std::vector<double>& places, double least_bandwidth) {
    const stats::BoxSummary ages = stats::box_summary(site.ages);
    if (ages.n < fewest_for_a_curve || !(ages.sd > 0.0)) return std::vector<double>(places.size(), nan);
    const double bandwidth = std::max(1.06 * ages.sd * std::pow(static_cast<double>(ages.n), -0.2), least_bandwidth);
    return stats::local_means(site.ages, site.values, places, bandwidth);
}

/// Each person's mean over features, in SDs of the features before; missing where a person has none.
std::vector<double> composite_of(const Matrix<double>& values, const std::vector<stats::BoxSummary>& before) {
    std::vector<double> out;
    for (Index i = 0; i < values.rows(); ++i) {
        double sum = 0.0, count = 0.0;
        for (Index f = 0; f < values.columns(); ++f) {
            const double value = (values(i, f) - before[at(f)].mean) / before[at(f)].sd;
            if (!std::isfinite(value)) continue;
            sum += value;
            count += 1.0;
        }
        out.push_back(count > 0.0 ? sum / count : nan);
    }
    return out;
}

/// Marks what is missing in one of the two as missing in both, and features that do not vary in one.
void take_common(Matrix<double>& before, Matrix<double>& after) {
    for (Index f = 0; f < before.columns(); ++f) {
        for (Index i = 0; i < before.rows(); ++i) {
            if (!std::isnan(before(i, f)) && !std::isnan(after(i, f))) continue;
            before(i, f) = nan;
            after(i, f) = nan;
        }
        const auto varies = [&](const Matrix<double>& values) {
            const stats::BoxSummary box = stats::box_summary(column_of(values, f));
            return box.most > box.least;
        };
        if (varies(before) && varies(after)) continue;
        for (Index i = 0; i < before.rows(); ++i) {
            before(i, f) = nan;
            after(i, f) = nan;
        }
    }
}

}  // namespace

stats::FeatureRegression regression_of(const ReportPeople& people, const std::vector<double>& values) {
    stats::FeatureRegression fit =
        stats::SiteRegression(people.codes, people.site_of, people.sites, people.widths).of(values);
    if (people.codes.columns() == people.lines.columns()) return fit;
    const stats::FeatureRegression straight = stats::SiteRegression(people.lines, people.site_of, people.sites).of(values);
    for (std::size_t term = 0; term < fit.slopes.size(); ++term) {
        if (people.widths[term] > 1) fit.slopes[term] = straight.slopes[term];
    }
    return fit;
}

void fill_state(const ReportPeople& people, const Matrix<double>& values, int threads, report::State& state) {
    const Index features = values.columns();
    state.effects.resize(at(features));
    state.shares.resize(at(features));
    state.boxes.resize(at(features));
    state.slopes.assign(people.widths.size(), std::vector<report::Slope>(at(features)));
    check_people_to_spare(people, values);
    std::optional<stats::AndersonDarlingLimit> limit;
    if (people.sites > 1) limit.emplace(people.sites - 1);
    base::for_each_in_parallel(at(features), threads, [&](std::size_t f) {
        const auto feature = static_cast<Index>(f);
        fill_feature(people, column_of(values, feature), limit, feature, state);
    });
    control_false_discoveries(state.effects);
    stats::LeadingComponents components = stats::leading_components(values, 2);
    state.scores = std::move(components.scores);
    state.component_share = {components.share[0], components.share[1]};
}

void fill_together(const ReportPeople& people, const Matrix<double>& before, const Matrix<double>& after,
                   report::Report& report) {
    Matrix<double> raw = before, harmonised = after;
    take_common(raw, harmonised);
    for (auto [values, state] : {std::pair(&raw, &report.before), std::pair(&harmonised, &report.after)}) {
        const stats::MultivariateTest all =
            stats::multivariate_site_test(*values, people.codes, people.site_of, people.sites);
        state->multivariate = {all.statistic, all.p, all.p, all.effect};
        state->multivariate_name = all.kind == stats::MultivariateKind::manova ? "MANOVA (Pillai)" : "MDMR";
        state->multivariate_people = all.people;
        state->multivariate_features = all.features;
    }
}

void fill_shown(const ReportPeople& people, const report::Report& report, const Matrix<double>& values, int threads,
                report::State& state) {
    const std::size_t shown = report.correlation_features.size();
    std::vector<std::vector<double>> adjusted(shown);
    base::for_each_in_parallel(shown, threads, [&](std::size_t i) {
        adjusted[i] = regression_of(people, column_of(values, report.correlation_features[i])).adjusted;
    });
    state.correlation = Matrix<double>(static_cast<Index>(shown), static_cast<Index>(shown), 1.0);
    base::for_each_in_parallel(shown, threads, [&](std::size_t i) {
        for (std::size_t j = 0; j < i; ++j) {
            const double r = stats::correlation_of(adjusted[i], adjusted[j]);
            state.correlation(static_cast<Index>(i), static_cast<Index>(j)) = r;
            state.correlation(static_cast<Index>(j), static_cast<Index>(i)) = r;
        }
    });
    state.curves.clear();
    const double least = report.curve_ages.empty() ? 0.0 : (report.curve_ages.back() - report.curve_ages.front()) / 40.0;
    for (const Index f : report.curve_features) {
        std::vector<SiteValues> sites(at(people.sites));
        for (Index i = 0; i < values.rows(); ++i) {
            SiteValues& own = sites[at(people.site_of[at(i)])];
            own.ages.push_back(report.age_of[at(i)]);
            own.values.push_back(values(i, f));
        }
        std::vector<std::vector<double>> curves;
        for (const SiteValues& site : sites) curves.push_back(curve_of(site, report.curve_ages, least));
        state.curves.push_back(std::move(curves));
    }
}

std::vector<std::array<report::Slope, 3>> mean_slopes(const ReportPeople& people, const Matrix<double>& before,
                                                      const Matrix<double>& after) {
    std::vector<stats::BoxSummary> scale;
    for (Index f = 0; f < before.columns(); ++f) scale.push_back(stats::box_summary(column_of(before, f)));
    const std::vector<double> raw = composite_of(before, scale), harmonised = composite_of(after, scale);
    std::vector<double> difference;
    for (std::size_t i = 0; i < raw.size(); ++i) difference.push_back(harmonised[i] - raw[i]);
    std::vector<std::array<report::Slope, 3>> out(people.widths.size());
    for (std::size_t which = 0; which < 3; ++which) {
        const stats::FeatureRegression fit = regression_of(people, which == 0 ? raw : which == 1 ? harmonised : difference);
        for (std::size_t term = 0; term < out.size(); ++term) out[term][which] = slope_of(fit.slopes[term]);
    }
    for (auto& [raw_slope, harmonised_slope, change] : out) {
        // Where every person changed by the same, there is nothing to fit.
        const bool constant =
            std::isnan(change.estimate) && !std::isnan(raw_slope.estimate) && !std::isnan(harmonised_slope.estimate);
        if (constant) change = {0.0, 0.0, 0.0};
    }
    return out;
}

}  // namespace tare::commands
