// Where the voxels of an image lie: how many along each axis, and the affine map from voxel to millimetres.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "tare/base/matrix.hpp"

namespace tare::data {

using base::Index;

struct Grid {
    /// Voxels along x, y, z and, where there are several volumes, their number. x runs fastest in memory.
    std::vector<Index> shape;
    /// Rows of the 3 × 4 matrix that takes (i, j, k, 1) to right-anterior-superior millimetres.
    std::array<double, 12> affine{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};

    /// Values in all: voxels times volumes.
    [[nodiscard]] Index values() const noexcept;
    /// Voxels of one volume.
    [[nodiscard]] Index voxels() const noexcept;
    friend bool operator==(const Grid&, const Grid&) = default;
};

/// How far apart, in millimetres, the two affine maps put the same corner of the volume: the largest distance over its
/// eight corners, not a number where an affine map has one that is none. Both grids must have the same first three extents.
[[nodiscard]] double largest_displacement(const Grid& a, const Grid& b) noexcept;

/// Two images lie on the same grid where their shapes are equal and no corner of the volume is further apart than this.
inline constexpr double grid_tolerance_mm = 0.01;
[[nodiscard]] bool same_grid(const Grid& a, const Grid& b) noexcept;

/// "91 × 109 × 91"
[[nodiscard]] std::string shape_text(const Grid& grid);

/// "[-2 0 0 90; 0 2 0 -126; 0 0 2 -72]", the numbers in their shortest text.
[[nodiscard]] std::string affine_text(const Grid& grid);

}  // namespace tare::data
