// A mean and a spread that both depend on covariates: exact maximum likelihood of normal values with a linear mean (one
// intercept per site) and a linear log standard deviation (no site in it), one feature at a time, for ComBatLS.
#pragma once

#include <Eigen/Dense>
#include <span>
#include <vector>

#include "tare/base/matrix.hpp"

namespace tare::stats {

using base::Index;
using base::Matrix;

struct LocationScaleFit {
    std::vector<double> coefficients;         ///< β: terms
    std::vector<double> site_intercept;       ///< per site, at codes = 0; NaN where the site has no row
    double log_sd_intercept = 0.0;            ///< θ0, at scale codes = 0
    std::vector<double> log_sd_coefficients;  ///< θ: scale terms
    bool converged = false;                   ///< false: the ordinary fit, with one spread for all rows
};

class LocationScale {
public:
    /// `codes`: rows × terms, without intercept; `site[i]` in 0 … sites−1; `scale_codes`: rows × scale terms, without
    /// intercept. The caller has made sure that the columns can be told apart from each other and from the sites.
    LocationScale(const Matrix<double>& codes, std::span<const Index> site, Index sites, const Matrix<double>& scale_codes);

    /// Maximises the likelihood over β, site intercepts and θ, from the ordinary fit upwards. Where it has no maximum
    /// (some rows are fitted exactly, so that their spread runs to 0) or none is found, the ordinary least squares fit with
    /// θ = 0, θ0 = ½log(Σr²/n) and `converged` false; θ0 is −∞ where every residual is 0 to rounding. Thread-safe.
    [[nodiscard]] LocationScaleFit fit(std::span<const double> y) const;

private:
    class Search;

    std::vector<Index> site_;
    Eigen::VectorXd rows_of_site_;
    Eigen::MatrixXd site_codes_;    ///< sites × terms: means
    Eigen::MatrixXd codes_;         ///< rows × terms, centred within site, columns of unit root mean square
    Eigen::VectorXd code_unit_;     ///< terms
    Eigen::MatrixXd scale_design_;  ///< rows × (1 + scale terms): ones, then centred columns of unit root mean square
    Eigen::VectorXd scale_mean_;    ///< scale terms
    Eigen::VectorXd scale_unit_;    ///< scale terms
    Eigen::LLT<Eigen::MatrixXd> information_;  ///< 2ZᵀZ, the expected information of θ
};

}  // namespace tare::stats
