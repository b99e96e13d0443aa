// The directions to a voxel's neighbours, the slices of a box that hold measured voxels, and the way through both that each
// aggregation takes.
#pragma once

#include <array>
#include <cmath>
#include <span>
#include <vector>

#include "tare/imaging/texture/aggregation.hpp"
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

/// The features of every matrix that is averaged. `counts` has add(stretch, step, voxels), which counts along a step what
/// begins in a stretch, where `voxels` are measured, and take(), which gives the features of what was added and forgets it.
template <typename Counts>
[[nodiscard]] auto gathered(const Levels& levels, Aggregation aggregation, Counts counts) {
    std::vector<decltype(counts.take())> found;
    const auto steps = directions(levels.box);
    const auto gather = [&](std::size_t ways, const Stretch& from, Index voxels, bool merge) {
        for (const Index step : std::span(steps).first(ways)) {
            counts.add(from, step, voxels);
            if (!merge) found.push_back(counts.take());
        }
        if (merge) found.push_back(counts.take());
    };
    const auto each_slice = [&](bool merge) {
        const std::vector<Index> voxels = voxels_of_slices(levels);
        for (std::size_t z = 0; z < voxels.size(); ++z) {
            const auto slice = static_cast<Index>(z);
            if (voxels[z] > 0) gather(directions_in_slice, stretch(levels.box, slice, slice + 1), voxels[z], merge);
        }
    };
    const Stretch all = stretch(levels.box, 1, levels.box.extents[2] - 1);
    switch (aggregation) {
        case Aggregation::slices_average:
            each_slice(false);
            break;
        case Aggregation::slices_merged:
            each_slice(true);
            break;
        case Aggregation::directions_average:
            gather(directions_in_slice, all, levels.voxels, false);
            break;
        case Aggregation::directions_merged:
            gather(directions_in_slice, all, levels.voxels, true);
            break;
        case Aggregation::volume_average:
            gather(steps.size(), all, levels.voxels, false);
            break;
        case Aggregation::volume_merged:
            gather(steps.size(), all, levels.voxels, true);
            break;
    }
    return found;
}

}  // namespace tare::imaging::texture
