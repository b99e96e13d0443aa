// Sites that come later: their effects are estimated with the mean model of a fitted model held as it is (as ComBatFamily's
// predict does for new batches), so that nothing changes for the sites that were there.
#pragma once

#include "tare/stats/combat.hpp"

namespace tare::stats {

/// The model, restricted to the features of `newcomers` in their order, with the sites of `newcomers` added. Their γ̂ and δ̂
/// are about α and β of the model in units of its σ; each new site's prior is formed over its own features.
/// `rows`: where the method needs them (needs_rows); their values are used up.
/// Throws Error (65) where a site is in the model already, a feature is not, or the design is another.
[[nodiscard]] CombatModel extended(const CombatModel& model, const Moments& newcomers, const compute::Backend& backend,
                                   base::Workspace& workspace, base::Log& log, TrainingRows* rows = nullptr);

}  // namespace tare::stats
