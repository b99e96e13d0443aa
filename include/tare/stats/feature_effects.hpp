// What sites and covariates do to every feature of a table: for the question what harmonising has removed and what it has
// kept.
#pragma once

#include <string>
#include <vector>

#include "tare/stats/moments.hpp"

namespace tare::stats {

struct FeatureEffects {
    std::vector<std::string> terms;    ///< of the covariates, which enter as lines and levels
    Matrix<double> slopes;             ///< terms × features: within sites
    std::vector<double> covariate_r2;  ///< features: of the covariates alone, all sites together
    std::vector<double> site_share;    ///< features: of the variance about the covariates, the share between sites
    std::vector<double> spread;        ///< features: SD over sites of log SD within them; NaN of fewer than two sites
    std::vector<double> residual_sd;   ///< features: within sites; 0 where the feature is constant
};

/// Of all subjects of the cohort; `values`: subjects × features. Throws Error (65) where the covariates' effects cannot be
/// told from the sites'.
[[nodiscard]] FeatureEffects effects_of(const data::Cohort& cohort, const Matrix<double>& values,
                                        const data::Features& features, const std::vector<std::string>& covariates,
                                        const compute::Backend& backend);

/// How much of the covariates' effects is there still: Σ s₁s₀/σ₀² / Σ s₀²/σ₀² over features, with the slopes s₀ and the
/// residual SD σ₀ before, and the slopes s₁ after. Per term; 1 where all is kept, NaN where there was none.
[[nodiscard]] std::vector<double> slopes_kept(const FeatureEffects& before, const FeatureEffects& after);

}  // namespace tare::stats
