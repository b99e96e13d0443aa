// The surface midway between the voxels of a structure and others: marching cubes (Lorensen and Cline 1987) at level 0.5,
// where every corner of a triangle is the middle of an edge between two voxels.
#pragma once

#include <cstdint>

#include "tare/imaging/texture/region.hpp"

namespace tare::imaging::texture {

struct MeshSize {
    double volume = 0.0, area = 0.0;
};

[[nodiscard]] MeshSize mesh_size(const Region& region);

/// A point of the mesh in half voxels, exact.
using HalfVoxels = std::array<std::int64_t, 3>;

/// Those points of the mesh that are the first or last of it on every line along x, y and z: all that a hull can touch.
[[nodiscard]] std::vector<HalfVoxels> outer_points(const Region& region);

}  // namespace tare::imaging::texture
