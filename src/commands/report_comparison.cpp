// Residuals of both tables side by side, feature by feature.
#include "report_comparison.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <limits>
#include <string_view>

#include "report_index.hpp"
#include "tare/base/parallel.hpp"
#include "tare/stats/summaries.hpp"

namespace tare::commands {
namespace {

using base::Index;
using base::Matrix;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
/// Fewer people of a site say little about a correlation.
constexpr std::size_t fewest_at_a_site = 5;

/// The mean over sites, each by its people, so that sites may be scaled each by its own.
double correlation_within(const ReportPeople& people, const std::vector<double>& before, const std::vector<double>& after) {
    std::vector<std::vector<double>> x(at(people.sites)), y(at(people.sites));
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (!std::isfinite(before[i]) || !std::isfinite(after[i])) continue;
        x[at(people.site_of[i])].push_back(before[i]);
        y[at(people.site_of[i])].push_back(after[i]);
    }
    double sum = 0.0, n = 0.0;
    for (std::size_t s = 0; s < x.size(); ++s) {
        const double r = x[s].size() < fewest_at_a_site ? nan : stats::correlation_of(x[s], y[s]);
        if (!std::isfinite(r)) continue;
        sum += r * static_cast<double>(x[s].size());
        n += static_cast<double>(x[s].size());
    }
    return n > 0.0 ? sum / n : nan;
}

double sum_of_squares(const std::vector<double>& values) {
    double sum = 0.0;
    for (const double value : values) sum += std::isfinite(value) ? value * value : 0.0;
    return sum;
}

void compare_feature(const ReportPeople& people, const report::Report& report, std::size_t f, std::vector<double> before,
                     std::vector<double> after, report::Comparison& out) {
    std::vector<double> change;
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (std::isnan(before[i]) || std::isnan(after[i])) before[i] = after[i] = nan;
        change.push_back(after[i] - before[i]);
    }
    const stats::FeatureRegression raw = regression_of(people, before), harmonised = regression_of(people, after),
                                   difference = regression_of(people, change);
    const bool both = std::isfinite(raw.rest_share) && std::isfinite(harmonised.rest_share);
    out.correlation[f] = both ? correlation_within(people, raw.residuals, harmonised.residuals) : nan;
    out.spread_ratio[f] = both ? std::sqrt(sum_of_squares(harmonised.residuals) / sum_of_squares(raw.residuals)) : nan;
    for (std::size_t term = 0; term < out.slope_changes.size(); ++term) {
        report::Slope& slope = out.slope_changes[term][f];
        slope = {difference.slopes[term].estimate, difference.slopes[term].low, difference.slopes[term].high};
        // Where every person changed by the same, there is nothing to fit.
        const bool constant = std::isnan(slope.estimate) && std::isfinite(report.before.slopes[term][f].estimate) &&
                              std::isfinite(report.after.slopes[term][f].estimate);
        if (constant) slope = {0.0, 0.0, 0.0};
    }
}

bool same(const Matrix<double>& before, const Matrix<double>& after) {
    for (Index i = 0; i < before.rows(); ++i) {
        for (Index f = 0; f < before.columns(); ++f) {
            const bool equal = before(i, f) == after(i, f) || (std::isnan(before(i, f)) && std::isnan(after(i, f)));
            if (!equal) return false;
        }
    }
    return true;
}

}  // namespace

report::Comparison comparison_of(const ReportPeople& people, const Matrix<double>& before, const Matrix<double>& after,
                                 const report::Report& report, int threads) {
    const std::size_t features = at(before.columns());
    report::Comparison out;
    out.same_values = same(before, after);
    out.correlation.assign(features, nan);
    out.spread_ratio.assign(features, nan);
    out.slope_changes.assign(people.widths.size(), std::vector<report::Slope>(features));
    base::for_each_in_parallel(features, threads, [&](std::size_t f) {
        std::vector<double> raw, harmonised;
        for (Index i = 0; i < before.rows(); ++i) {
            raw.push_back(before(i, static_cast<Index>(f)));
            harmonised.push_back(after(i, static_cast<Index>(f)));
        }
        compare_feature(people, report, f, std::move(raw), std::move(harmonised), out);
    });
    return out;
}

std::vector<std::string> named_as_covariates(const std::vector<std::string>& features,
                                             const std::optional<io::SavedModel>& model) {
    constexpr std::array<std::string_view, 6> usual{"age", "sex", "gender", "education", "diagnosis", "handedness"};
    std::vector<std::string> out;
    for (const std::string& feature : features) {
        std::string lower = feature;
        std::transform(lower.begin(), lower.end(), lower.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        bool found = std::find(usual.begin(), usual.end(), lower) != usual.end();
        if (model) {
            for (const stats::DesignColumn& column : model->model.design.columns) found = found || column.name == feature;
        }
        if (found) out.push_back(feature);
    }
    return out;
}

}  // namespace tare::commands
