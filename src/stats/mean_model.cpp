// From moments to β, α, σ² and residuals: checks the design first, then one batched solve.
#include "tare/stats/mean_model.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>

#include "design_check.hpp"
#include "tare/base/error.hpp"
#include "tare/base/text.hpp"

namespace tare::stats {
namespace {

constexpr double rounding = 64.0 * std::numeric_limits<double>::epsilon();
/// A residual below this share of the feature's own variation is rounding of an exact fit.
constexpr double exact_fit = 1e-12;

compute::SharedDesign shared_design(const std::vector<SiteDesign>& pattern, std::vector<Index> columns) {
    const auto sites = static_cast<Index>(pattern.size());
    const Index terms = pattern.front().covariate_mean.size();
    compute::SharedDesign out{std::move(columns), Matrix<double>(sites, terms), Matrix<double>(sites * terms, terms),
                              Matrix<double>(terms, terms), std::vector<double>(static_cast<std::size_t>(terms))};
    Eigen::MatrixXd within = Eigen::MatrixXd::Zero(terms, terms);
    for (Index s = 0; s < sites; ++s) {
        const SiteDesign& site = pattern[static_cast<std::size_t>(s)];
        within += site.scatter;
        for (Index j = 0; j < terms; ++j) {
            out.covariate_mean(s, j) = site.covariate_mean(j);
            for (Index i = 0; i < terms; ++i) out.scatter(s * terms + j, i) = site.scatter(j, i);
        }
    }
    const Eigen::VectorXd scale = within.diagonal().cwiseSqrt();
    const Eigen::MatrixXd scaled = scale.cwiseInverse().asDiagonal() * within * scale.cwiseInverse().asDiagonal();
    const Eigen::MatrixXd factor = scaled.llt().matrixL();
    for (Index j = 0; j < terms; ++j) {
        out.scale[static_cast<std::size_t>(j)] = scale(j);
        for (Index i = 0; i <= j; ++i) out.factor(j, i) = factor(j, i);
    }
    return out;
}

/// One design for every pattern that has enough subjects; throws where one has too few or is confounded.
std::vector<compute::SharedDesign> shared_designs(const Moments& moments) {
    std::vector<std::vector<Index>> columns(moments.patterns.size());
    for (std::size_t f = 0; f < moments.pattern_of.size(); ++f) {
        columns[static_cast<std::size_t>(moments.pattern_of[f])].push_back(static_cast<Index>(f));
    }
    std::vector<compute::SharedDesign> designs;
    for (std::size_t p = 0; p < columns.size(); ++p) {
        const bool any =
            std::any_of(moments.patterns[p].begin(), moments.patterns[p].end(), [](const auto& s) { return s.n > 0.0; });
        if (!any || columns[p].empty()) continue;  // features without a single value, or none of this pattern
        const bool whole = p == 0 && columns.size() == 1;
        check_design(moments.design, moments.patterns[p], whole ? "" : moments.features.name(columns[p].front()));
        designs.push_back(shared_design(moments.patterns[p], std::move(columns[p])));
    }
    return designs;
}

Index reference_site(const Moments& moments, const std::optional<std::string>& reference) {
    if (!reference) return -1;
    const auto found = std::find(moments.sites.begin(), moments.sites.end(), *reference);
    if (found == moments.sites.end()) {
        std::string hint = base::did_you_mean(*reference, moments.sites);
        if (hint.empty()) hint = "the sites are " + base::joined(moments.sites);
        throw base::inconsistent("--reference: no site '" + *reference + "' among the training rows", hint);
    }
    const auto s = static_cast<std::size_t>(found - moments.sites.begin());
    if (moments.site_subjects[s] < 2) {
        throw base::degenerate("--reference: site '" + *reference + "' has one subject, so it has no spread to refer to");
    }
    return static_cast<Index>(s);
}

}  // namespace

bool constant_within_site(const Moments& moments, Index site, Index feature) {
    const double scale = rounding * std::abs(moments.values.mean(site, feature));
    return moments.values.squares(site, feature) <= moments.n(site, feature) * scale * scale;
}

MeanModel fit_mean_model(const Moments& moments, const std::optional<std::string>& reference, Convention convention,
                         const compute::Backend& backend) {
    const Index sites = moments.site_count();
    const Index features = moments.feature_count();
    const Index reference_index = reference_site(moments, reference);
    compute::LeastSquares solved =
        backend.solve(moments.values, sites, moments.design.term_count(), shared_designs(moments));

    MeanModel out{std::vector<double>(static_cast<std::size_t>(features), std::numeric_limits<double>::quiet_NaN()),
                  std::vector<double>(static_cast<std::size_t>(features), 0.0),
                  std::move(solved.coefficients),
                  std::move(solved.site_mean),
                  std::move(solved.residual_squares),
                  std::vector<bool>(static_cast<std::size_t>(features), true)};
    for (Index f = 0; f < features; ++f) {
        double n = 0.0, weights = 0.0, mean = 0.0, residual = 0.0, squares = 0.0, largest = 0.0;
        for (Index s = 0; s < sites; ++s) {
            const double observed = moments.n(s, f);
            if (observed == 0.0 || (reference_index >= 0 && s != reference_index)) continue;
            // With missing cells the peers keep weighting sites by all their subjects.
            const double weight = convention == Convention::neurocombat
                                      ? static_cast<double>(moments.site_subjects[static_cast<std::size_t>(s)])
                                      : observed;
            n += observed;
            weights += weight;
            mean += weight * out.site_mean(s, f);
            residual += out.residual_squares(s, f);
            squares += moments.values.squares(s, f);
            largest = std::max(largest, std::abs(moments.values.mean(s, f)));
        }
        if (n == 0.0) continue;
        const auto i = static_cast<std::size_t>(f);
        out.grand_mean[i] = mean / weights;
        if (!std::isfinite(residual) || !std::isfinite(out.grand_mean[i])) {
            throw base::degenerate("feature '" + moments.features.name(f) + "': values too large to square");
        }
        const double floor = rounding * largest;
        out.constant[i] = residual <= exact_fit * squares || residual <= n * floor * floor;
        out.pooled_variance[i] = out.constant[i] ? 0.0 : residual / n;
    }
    return out;
}

}  // namespace tare::stats
