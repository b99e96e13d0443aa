// The directions to a voxel's neighbours, and the slices of a box that hold measured voxels.
#pragma once

#include <array>
#include <cmath>
#include <vector>

#include "tare/imaging/texture/region.hpp"

namespace tare::imaging::texture {

/// Steps in memory to one of each pair of opposite neighbours: those within the slice first.
[[nodiscard]] inline std::array<Index, 13> directions(const Box& box) noexcept {
    const Index y = box.extents[0];
    const Index z = box.extents[0] * box.extents[1];
    return {1, y - 1, y, y + 1, z - y - 1, z - y, z - y + 1, z - 1, z, z + 1, z + y - 1, z + y, z + y + 1};
}
inline constexpr std::size_t directions_in_slice = 4;

/// Measured voxels of each slice of the box.
[[nodiscard]] inline std::vector<Index> voxels_of_slices(const Levels& levels) {
    const auto area = static_cast<std::size_t>(levels.box.strides()[2]);
    std::vector<Index> counts(static_cast<std::size_t>(levels.box.extents[2]));
    for (std::size_t i = 0; i < levels.level.size(); ++i) {
        if (levels.level[i] != 0) ++counts[i / area];
    }
    return counts;
}

/// The voxels of a range of slices, end excluded, from the first that is no margin to beyond the last: all have neighbours.
struct Stretch {
    std::size_t begin = 0, end = 0;
};
[[nodiscard]] inline Stretch stretch(const Box& box, Index first_slice, Index end_slice) noexcept {
    const Index area = box.strides()[2];
    return {static_cast<std::size_t>(first_slice * area + box.extents[0] + 1),
            static_cast<std::size_t>(end_slice * area - box.extents[0] - 1)};
}

}  // namespace tare::imaging::texture
