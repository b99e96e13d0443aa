// The site effects of ComBat: γ̂ and δ̂ from a mean model, the empirical prior of each site, and their shrinkage.
#pragma once

#include "tare/stats/combat.hpp"

namespace tare::stats {

/// Fills γ̂, δ̂ and the status of a block of features that begins at `first` in `model`; `moments` and `mean_model` are of
/// that block. With `only_site` there is no other to compare with, and values pass unchanged.
void estimate_site_effects(CombatModel& model, Index first, const Moments& moments, const MeanModel& mean_model,
                           bool only_site);

/// Forms the priors and fills γ* and δ*, site by site, when γ̂, δ̂ and the status of all features are in place.
/// With `standardised` rows the scale is shrunk robustly.
void shrink_site_effects(CombatModel& model, const Moments& moments, const compute::Backend& backend, base::Log& log,
                         const TrainingRows* standardised = nullptr);

}  // namespace tare::stats
