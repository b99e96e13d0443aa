// The mean model of ComBat from moments: β, grand mean α, pooled variance σ² and each site's residuals.
// Refuses designs that cannot be estimated, naming the columns.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tare/compute/backend.hpp"
#include "tare/stats/moments.hpp"

namespace tare::stats {

/// Which of the field's numerical habits a fit follows; ESTIMATORS of the field differ in them.
enum class Convention {
    tare,  ///< every feature to its own fixed point; mean-only with the site's true n; α weighted by observed subjects
    neurocombat,  ///< the peers' joint stop at 1e-4, mean-only with n = 1, α weighted by all subjects
};

struct MeanModel {
    std::vector<double> grand_mean;       ///< α: features; NaN where a feature has no values
    std::vector<double> pooled_variance;  ///< σ² (divisor n): features; 0 where constant
    Matrix<double> coefficients;          ///< β: terms × features
    Matrix<double> site_mean;             ///< α_s: sites × features
    Matrix<double> residual_squares;      ///< R_s: sites × features
    std::vector<bool> constant;           ///< features with σ² = 0 to rounding
    Matrix<double> lambda;                ///< curves × features: the weight of each penalty; infinite for straight lines
    Matrix<double> edf;                   ///< curves × features: effective degrees of freedom
};

/// Fits the mean model; with a reference site, α and σ² are that site's own.
/// Throws Error (65): covariates confounded with the site or with each other, too few subjects, unknown reference.
[[nodiscard]] MeanModel fit_mean_model(const Moments& moments, const std::optional<std::string>& reference,
                                       Convention convention, const compute::Backend& backend);

/// What a mean model that is known leaves of these moments: its α, σ² (features) and β (terms × features), and the sites'
/// own α_s and R_s under it.
[[nodiscard]] MeanModel frozen_mean_model(const Moments& moments, std::vector<double> grand_mean,
                                          std::vector<double> pooled_variance, Matrix<double> coefficients,
                                          const compute::Backend& backend);

/// True where a site's values of a feature are all the same, to rounding.
[[nodiscard]] bool constant_within_site(const Moments& moments, Index site, Index feature);

}  // namespace tare::stats
