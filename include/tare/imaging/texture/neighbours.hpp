// How a voxel's grey level compares with those of its neighbours (26 in space, 8 within a slice): their mean difference
// (the neighbourhood grey tone difference matrix), and how many are alike (the neighbouring grey level dependence matrix).
#pragma once

#include "tare/imaging/texture/aggregation.hpp"
#include "tare/imaging/texture/emphasis.hpp"

namespace tare::imaging::texture {

struct ToneDifference {
    double coarseness = undefined, contrast = undefined, busyness = undefined, complexity = undefined, strength = undefined;
};

/// Voxels without a measured neighbour do not count. As the reference manual has it, coarseness is 10⁶ where no voxel
/// differs from its neighbours, and there strength is 0; contrast and busyness are 0 where there is one level.
[[nodiscard]] ToneDifference tone_difference(const Levels& levels, Extent extent);
[[nodiscard]] std::span<const Named<ToneDifference>> tone_difference_features();

/// Alike is the same level; the voxel itself is counted.
[[nodiscard]] Emphases dependence(const Levels& levels, Extent extent);
[[nodiscard]] std::span<const Named<Emphases>> dependence_features();

}  // namespace tare::imaging::texture
