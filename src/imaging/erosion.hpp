// Leaving out the border of a region.
#pragma once

#include <vector>

#include "tare/data/volume.hpp"

namespace tare::imaging::detail {

/// The voxels of `region` all of whose 18 neighbours by faces and edges are in it too; outside the volume nothing is.
[[nodiscard]] std::vector<unsigned char> eroded(const data::Grid& grid, const std::vector<unsigned char>& region);

}  // namespace tare::imaging::detail
