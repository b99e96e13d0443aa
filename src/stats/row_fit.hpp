// The estimates of the methods that need rows: a mixed model, a spread with covariates, robust site effects.
#pragma once

#include "tare/stats/combat.hpp"

namespace tare::stats {

/// Puts the estimates of the method in place of those from moments, for every feature that is not constant: α, σ², β, γ̂, δ̂
/// and the method's own parameters. Leaves the standardised values z in `rows.values`.
void refit_from_rows(CombatModel& model, TrainingRows& rows, const compute::Backend& backend, base::Log& log);

/// z in place of the values of `rows`, for a model whose mean model followed from moments.
void standardise(const CombatModel& model, TrainingRows& rows, int threads);

/// z in place of the values of rows of new sites, whose mean model and spread are those of `model` as it is. Fills the
/// sites' shifts of a mixed model, every site from its own rows.
void standardise_frozen(CombatModel& model, TrainingRows& rows, int threads);

/// γ̂ and δ̂ of every site from standardised values: means and variances, or medians and biweight midvariances.
/// `site`: per row of z. A spread of 0 makes a cell constant.
void estimate_from_standardised(CombatModel& model, const Matrix<double>& z, std::span<const Index> site, int threads);

/// Per feature the standardised values of one site, without missing ones.
[[nodiscard]] std::vector<std::vector<double>> values_of_site(const Matrix<double>& z, std::span<const Index> site, Index s);

}  // namespace tare::stats
