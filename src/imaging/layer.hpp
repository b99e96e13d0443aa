// The voxels of a layer between two sides, each with what lies beyond its six faces.
#pragma once

#include "tare/imaging/thickness.hpp"

namespace tare::imaging::detail {

/// What a face leads to, where it is no voxel of the layer.
inline constexpr std::int32_t inner_side = -1, outer_side = -2, edge_of_image = -3;

struct Layer {
    std::array<double, 3> spacing{1.0, 1.0, 1.0};  ///< millimetres
    std::vector<Index> positions;                  ///< in the grid, ascending
    std::vector<std::array<std::int32_t, 6>>
        beyond;  ///< −x, +x, −y, +y, −z, +z: place in `positions`, or one of those above

    [[nodiscard]] std::size_t size() const noexcept { return positions.size(); }
};

/// Every voxel with one of the layer's labels.
[[nodiscard]] Layer whole_layer(const data::Segmentation& segmentation, const LayerLabels& labels);

/// Which voxels belong to a piece, joined by faces, that touches both sides.
struct Connection {
    std::vector<bool> between;
    Index pieces_apart = 0;  ///< pieces that do not
};
[[nodiscard]] Connection connection(const Layer& layer);

/// The voxels with `keep`, which are whole pieces.
[[nodiscard]] Layer part_of(const Layer& layer, const std::vector<bool>& keep);

/// The potential in each voxel: 0 on the inner side, 1 on the outer. Every piece must touch both. Throws Error (65).
[[nodiscard]] std::vector<double> potential(const Layer& layer);

}  // namespace tare::imaging::detail
