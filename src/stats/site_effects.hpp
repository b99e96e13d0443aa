// The site effects of ComBat: γ̂ and δ̂ from a mean model, the empirical prior of each site, and their shrinkage.
#pragma once

#include "tare/stats/combat.hpp"

namespace tare::stats {

/// Fills γ̂, δ̂, γ*, δ*, the priors and the status of `model`, whose mean model is in place already.
void estimate_site_effects(CombatModel& model, const Moments& moments, const MeanModel& mean_model,
                           const compute::Backend& backend, base::Log& log);

}  // namespace tare::stats
