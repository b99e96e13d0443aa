// Zones: connected voxels of one grey level (26 neighbours in space, 8 within a slice), counted by their size, and by
// how near to the border of the structure they come.
#pragma once

#include "tare/imaging/texture/aggregation.hpp"
#include "tare/imaging/texture/emphasis.hpp"

namespace tare::imaging::texture {

struct Zone {
    Index level = 1;
    Index size = 0;      ///< voxels
    Index distance = 0;  ///< least number of steps over faces that leave the structure; 1 at its border
    Index slice = 0;     ///< of the box; that of its first voxel where zones extend over slices
};

/// Zones in the order of their first voxels. Distances are to the border of the structure, measured or not, and within the
/// slice where zones are.
[[nodiscard]] std::vector<Zone> zones(const Levels& levels, bool within_slices);

[[nodiscard]] Emphases zone_sizes(const Levels& levels, Extent extent, const std::vector<Zone>& zones);
[[nodiscard]] Emphases zone_distances(const Levels& levels, Extent extent, const std::vector<Zone>& zones);
[[nodiscard]] std::span<const Named<Emphases>> zone_size_features();
[[nodiscard]] std::span<const Named<Emphases>> zone_distance_features();

}  // namespace tare::imaging::texture
