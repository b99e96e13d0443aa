// Which voxels can be harmonised, where no mask says so: those that have moments and vary.
#pragma once

#include <optional>
#include <vector>

#include "tare/stats/moments.hpp"

namespace tare::stats {

/// The positions of the features whose moments are finite at every site, which are not one and the same value in all
/// subjects, and whose mean over all subjects is above `threshold`, where there is one. Throws Error (65) where none is
/// left.
[[nodiscard]] std::vector<Index> usable_features(const Moments& moments, std::optional<double> threshold);

}  // namespace tare::stats
