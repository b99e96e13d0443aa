// What run-length, zone and dependence matrices have in common: counts of things that have a grey level i and a size j (the
// length of a run, the voxels of a zone, its distance from the border, the number of alike neighbours), and their features.
#pragma once

#include "tare/imaging/texture/named.hpp"
#include "tare/imaging/texture/region.hpp"

namespace tare::imaging::texture {

struct Counted {
    Index level = 1, size = 1;
    double count = 0.0;
};

/// "Small" and "large" are sizes j, "low" and "high" are grey levels i. Logarithms are binary.
struct Emphases {
    double small = undefined, large = undefined, low = undefined, high = undefined;
    double small_low = undefined, small_high = undefined, large_low = undefined, large_high = undefined;
    double level_non_uniformity = undefined, level_non_uniformity_normalised = undefined;
    double size_non_uniformity = undefined, size_non_uniformity_normalised = undefined;
    double percentage = undefined;  ///< things per voxel
    double level_variance = undefined, size_variance = undefined;
    double entropy = undefined;
    double energy = undefined;
};

/// `voxels` could each have been a thing of its own. Equal levels and sizes may be counted only once. Nothing is defined
/// where nothing was counted.
[[nodiscard]] Emphases emphases(const std::vector<Counted>& counted, double voxels);

}  // namespace tare::imaging::texture
