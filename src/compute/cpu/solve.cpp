// Least squares per feature from the moments of all sites (DESIGN section 1, after Frisch and Waugh): the normal
// matrix is factored once per group of features, so a feature costs two triangular solves; and what any β leaves.
#include <algorithm>

#include "cpu_backend.hpp"

namespace tare::compute {
namespace {

/// Solves D L Lᵀ D β = rhs in place.
void solve_scaled(const SharedDesign& design, std::span<double> rhs) {
    const auto terms = static_cast<Index>(rhs.size());
    for (Index j = 0; j < terms; ++j) {
        double x = rhs[static_cast<std::size_t>(j)] / design.scale[static_cast<std::size_t>(j)];
        for (Index i = 0; i < j; ++i) x -= design.factor(j, i) * rhs[static_cast<std::size_t>(i)];
        rhs[static_cast<std::size_t>(j)] = x / design.factor(j, j);
    }
    for (Index j = terms - 1; j >= 0; --j) {
        double x = rhs[static_cast<std::size_t>(j)];
        for (Index i = j + 1; i < terms; ++i) x -= design.factor(i, j) * rhs[static_cast<std::size_t>(i)];
        rhs[static_cast<std::size_t>(j)] = x / design.factor(j, j);
    }
    for (Index j = 0; j < terms; ++j) rhs[static_cast<std::size_t>(j)] /= design.scale[static_cast<std::size_t>(j)];
}

void solve_feature(const FeatureMoments& moments, const SharedDesign& design, Index sites, Index feature,
                   std::span<double> beta, Matrix<double>& coefficients) {
    const auto terms = static_cast<Index>(beta.size());
    std::fill(beta.begin(), beta.end(), 0.0);
    for (Index s = 0; s < sites; ++s) {
        for (Index j = 0; j < terms; ++j)
            beta[static_cast<std::size_t>(j)] += moments.cross_products(s * terms + j, feature);
    }
    solve_scaled(design, beta);
    for (Index j = 0; j < terms; ++j) coefficients(j, feature) = beta[static_cast<std::size_t>(j)];
}

void residuals_of_feature(const FeatureMoments& moments, const SharedDesign& design, Index feature,
                          std::span<const double> beta, SiteResiduals& out) {
    const auto terms = static_cast<Index>(beta.size());
    for (Index s = 0; s < moments.mean.rows(); ++s) {
        double mean = moments.mean(s, feature);
        double residual = moments.squares(s, feature);
        for (Index j = 0; j < terms; ++j) {
            const double b = beta[static_cast<std::size_t>(j)];
            mean -= design.covariate_mean(s, j) * b;
            double fitted = 0.0;
            for (Index i = 0; i < terms; ++i) fitted += design.scatter(s * terms + j, i) * beta[static_cast<std::size_t>(i)];
            residual += b * (fitted - 2.0 * moments.cross_products(s * terms + j, feature));
        }
        out.site_mean(s, feature) = mean;
        out.residual_squares(s, feature) = std::max(residual, 0.0);
    }
}

}  // namespace

Matrix<double> CpuBackend::solve(const FeatureMoments& moments, Index sites, Index terms,
                                 std::span<const SharedDesign> designs) const {
    const Index features = moments.mean.columns();
    Matrix<double> out(terms, features);
    for_each_feature(designs, terms, threads_, sites * features >= parallel_cells,
                     [&](const SharedDesign& design, Index feature, std::span<double> beta) {
                         solve_feature(moments, design, sites, feature, beta, out);
                     });
    return out;
}

SiteResiduals CpuBackend::residuals(const FeatureMoments& moments, Index sites, std::span<const SharedDesign> designs,
                                    const Matrix<double>& coefficients) const {
    const Index features = moments.mean.columns(), terms = coefficients.rows();
    SiteResiduals out{Matrix<double>(sites, features), Matrix<double>(sites, features)};
    for_each_feature(designs, terms, threads_, sites * features >= parallel_cells,
                     [&](const SharedDesign& design, Index feature, std::span<double> beta) {
                         for (Index j = 0; j < terms; ++j) beta[static_cast<std::size_t>(j)] = coefficients(j, feature);
                         residuals_of_feature(moments, design, feature, beta, out);
                     });
    return out;
}

}  // namespace tare::compute
