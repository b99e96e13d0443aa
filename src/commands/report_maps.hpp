// Pictures of an image model: each site's effect on the mean image, in three planes.
#pragma once

#include <string>
#include <vector>

#include "tare/report/facts.hpp"
#include "tare/stats/combat.hpp"

namespace tare::commands {

/// γ* of the sites, the most affected first, twelve at most, in planes through the middle of the voxels. Throws Error (65)
/// where the model, which is in `file`, is not of voxels.
[[nodiscard]] std::vector<report::Montage> montages_of(const stats::CombatModel& model, const std::string& file);

}  // namespace tare::commands
