// How many boxes of a cubic lattice a structure touches.
#pragma once

#include "tare/imaging/voxel_set.hpp"

namespace tare::imaging {

/// The number of distinct (⌊(x + offset₀) / side⌋, ⌊(y + offset₁) / side⌋, ⌊(z + offset₂) / side⌋) over the voxels of the
/// set. `side` is at least 1, offsets at least 0.
[[nodiscard]] Index count_boxes(const VoxelSet& set, Index side, const std::array<Index, 3>& offset);

}  // namespace tare::imaging
