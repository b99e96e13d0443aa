// From moments to β, α, σ² and residuals: checks the design first, then one batched solve.
#include "tare/stats/mean_model.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>

#include "design_check.hpp"
#include "smoothing.hpp"
#include "tare/base/error.hpp"
#include "tare/base/parallel.hpp"
#include "tare/base/text.hpp"

namespace tare::stats {
namespace {

constexpr double rounding = 64.0 * std::numeric_limits<double>::epsilon();
/// A residual below this share of the feature's own variation is rounding of an exact fit.
constexpr double exact_fit = 1e-12;

/// `factored`: for least squares; the factor is not made for anything else.
compute::SharedDesign shared_design(const std::vector<SiteDesign>& pattern, std::vector<Index> columns, bool factored) {
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
    if (!factored) return out;
    const Eigen::VectorXd scale = within.diagonal().cwiseSqrt();
    const Eigen::MatrixXd scaled = scale.cwiseInverse().asDiagonal() * within * scale.cwiseInverse().asDiagonal();
    const Eigen::MatrixXd factor = scaled.llt().matrixL();
    for (Index j = 0; j < terms; ++j) {
        out.scale[static_cast<std::size_t>(j)] = scale(j);
        for (Index i = 0; i <= j; ++i) out.factor(j, i) = factor(j, i);
    }
    return out;
}

/// The designs of the patterns that have features and subjects.
struct Designs {
    std::vector<compute::SharedDesign> shared;
    std::vector<std::size_t> pattern;  ///< of each
};

enum class Purpose {
    solve,         ///< least squares
    solve_curves,  ///< penalised least squares, which factors for itself
    residuals      ///< of coefficients that are known
};

/// To solve, a pattern must have enough subjects and no confounding; throws Error (65) where it does not.
Designs shared_designs(const Moments& moments, Purpose purpose) {
    std::vector<std::vector<Index>> columns(moments.patterns.size());
    for (std::size_t f = 0; f < moments.pattern_of.size(); ++f) {
        columns[static_cast<std::size_t>(moments.pattern_of[f])].push_back(static_cast<Index>(f));
    }
    Designs designs;
    for (std::size_t p = 0; p < columns.size(); ++p) {
        const bool any =
            std::any_of(moments.patterns[p].begin(), moments.patterns[p].end(), [](const auto& s) { return s.n > 0.0; });
        if (!any || columns[p].empty()) continue;  // features without a single value, or none of this pattern
        const bool whole = p == 0 && columns.size() == 1;
        if (purpose != Purpose::residuals)
            check_design(moments.design, moments.patterns[p], whole ? "" : moments.features.name(columns[p].front()));
        designs.shared.push_back(shared_design(moments.patterns[p], std::move(columns[p]), purpose == Purpose::solve));
        designs.pattern.push_back(p);
    }
    return designs;
}

/// β, λ and edf of designs with curves.
void solve_smooth(const Moments& moments, const Designs& designs, const compute::Backend& backend, MeanModel& out) {
    const std::vector<SmoothTerm> smooths = moments.design.smooth_terms();
    const Index sites = moments.site_count(), terms = moments.design.term_count();
    for (Matrix<double>* matrix : {&out.lambda, &out.edf}) {
        *matrix = Matrix<double>(static_cast<Index>(smooths.size()), moments.feature_count(),
                                 std::numeric_limits<double>::quiet_NaN());
    }
    std::vector<compute::CurveDesign> lone_curves;
    for (std::size_t d = 0; d < designs.shared.size(); ++d) {
        Eigen::MatrixXd within = Eigen::MatrixXd::Zero(terms, terms);
        double subjects = 0.0;
        Index present = 0;
        for (const SiteDesign& site : moments.patterns[designs.pattern[d]]) {
            within += site.scatter;
            subjects += site.n;
            if (site.n > 0.0) ++present;
        }
        const SmoothSolver solver(within, smooths, subjects, present);
        const std::vector<Index>& columns = designs.shared[d].columns;
        if (std::optional<compute::CurveDesign> curve = solver.only_curve()) {
            curve->columns = columns;
            lone_curves.push_back(std::move(*curve));
            continue;
        }
        base::for_each_in_parallel(columns.size(), backend.threads(), [&](std::size_t i) {
            const Index f = columns[i];
            Eigen::VectorXd cross_products = Eigen::VectorXd::Zero(terms);
            double squares = 0.0;
            for (Index s = 0; s < sites; ++s) {
                squares += moments.values.squares(s, f);
                for (Index j = 0; j < terms; ++j) cross_products(j) += moments.values.cross_products(s * terms + j, f);
            }
            const SmoothFit fit = solver.fit(cross_products, squares);
            for (Index j = 0; j < terms; ++j) out.coefficients(j, f) = fit.coefficients(j);
            for (std::size_t c = 0; c < smooths.size(); ++c) {
                out.lambda(static_cast<Index>(c), f) = fit.lambda[c];
                out.edf(static_cast<Index>(c), f) = fit.edf[c];
            }
        });
    }
    if (!lone_curves.empty()) {
        backend.fit_curve(moments.values, sites, lone_curves, {out.coefficients, out.lambda.row(0), out.edf.row(0)});
    }
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

MeanModel frozen_mean_model(const Moments& moments, std::vector<double> grand_mean, std::vector<double> pooled_variance,
                            Matrix<double> coefficients, const compute::Backend& backend) {
    const Designs designs = shared_designs(moments, Purpose::residuals);
    compute::SiteResiduals left = backend.residuals(moments.values, moments.site_count(), designs.shared, coefficients);
    MeanModel out;
    for (const double variance : pooled_variance) out.constant.push_back(variance == 0.0);
    out.grand_mean = std::move(grand_mean);
    out.pooled_variance = std::move(pooled_variance);
    out.coefficients = std::move(coefficients);
    out.site_mean = std::move(left.site_mean);
    out.residual_squares = std::move(left.residual_squares);
    return out;
}

MeanModel fit_mean_model(const Moments& moments, const std::optional<std::string>& reference, Convention convention,
                         const compute::Backend& backend) {
    const Index sites = moments.site_count();
    const Index features = moments.feature_count();
    const Index reference_index = reference_site(moments, reference);
    const bool curves = !moments.design.smooth_terms().empty();
    const Designs designs = shared_designs(moments, curves ? Purpose::solve_curves : Purpose::solve);
    MeanModel out;
    out.grand_mean.assign(static_cast<std::size_t>(features), std::numeric_limits<double>::quiet_NaN());
    out.pooled_variance.assign(static_cast<std::size_t>(features), 0.0);
    out.constant.assign(static_cast<std::size_t>(features), true);
    if (!curves) {
        out.coefficients = backend.solve(moments.values, sites, moments.design.term_count(), designs.shared);
    } else {
        out.coefficients = Matrix<double>(moments.design.term_count(), features);
        solve_smooth(moments, designs, backend, out);
    }
    compute::SiteResiduals left = backend.residuals(moments.values, sites, designs.shared, out.coefficients);
    out.site_mean = std::move(left.site_mean);
    out.residual_squares = std::move(left.residual_squares);
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
