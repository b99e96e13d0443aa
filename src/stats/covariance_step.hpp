// CovBat (Chen et al. 2022): after ComBat the sites still differ in how features vary together. The principal axes of the
// residuals are kept, and the scores of the leading ones harmonised like features.
#pragma once

#include "tare/stats/combat.hpp"

namespace tare::stats {

/// Fills `model.covariance` from the standardised training rows, which become the residuals of the harmonised values.
void fit_covariance_step(CombatModel& model, TrainingRows& rows, const compute::Backend& backend, base::Workspace& workspace,
                         base::Log& log);

/// What harmonising its scores changes in one row. `residual`: the harmonised values less their expectation, features of the
/// model, NaN where missing; gets the change in its place.
void change_of_covariance(const CovarianceStep& step, Index site, std::span<double> residual);

/// The scores' γ and δ of the sites of a model from its standardised rows, which become residuals; the axes and what else
/// the step holds stay as they are.
void estimate_score_effects(CombatModel& model, TrainingRows& rows, int threads);

}  // namespace tare::stats
