// One image in memory: values, or labels of structures, on a grid. x runs fastest; several volumes lie one after another.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "tare/data/grid.hpp"

namespace tare::data {

/// Intensities, or other measured values. Cells that hold no finite number are kept as they are.
struct Volume {
    Grid grid;
    std::vector<double> values;
};

/// Which structure each voxel belongs to; 0 is background.
struct Segmentation {
    Grid grid;
    std::vector<std::int32_t> labels;
};

/// Extents along x, y and z; 1 where the grid has fewer axes.
[[nodiscard]] std::array<Index, 3> extents(const Grid& grid) noexcept;

/// Voxel edges along x, y and z in millimetres: the lengths of the affine map's columns.
[[nodiscard]] std::array<double, 3> voxel_sizes(const Grid& grid) noexcept;

/// Volume of a voxel in mm³: the size of the affine map's determinant.
[[nodiscard]] double voxel_volume(const Grid& grid) noexcept;

/// True where the three edges differ by no more than a thousandth of the longest: a header's single precision, no more.
[[nodiscard]] bool is_isotropic(const Grid& grid) noexcept;

}  // namespace tare::data
