// What a grid says about its voxels.
#include "tare/data/volume.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace tare::data {

std::array<Index, 3> extents(const Grid& grid) noexcept {
    std::array<Index, 3> out{1, 1, 1};
    for (std::size_t axis = 0; axis < std::min<std::size_t>(3, grid.shape.size()); ++axis) out[axis] = grid.shape[axis];
    return out;
}

std::array<double, 3> voxel_sizes(const Grid& grid) noexcept {
    std::array<double, 3> out{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        out[axis] = std::hypot(grid.affine[axis], grid.affine[4 + axis], grid.affine[8 + axis]);
    }
    return out;
}

double voxel_volume(const Grid& grid) noexcept {
    const std::array<double, 12>& m = grid.affine;
    return std::abs(m[0] * (m[5] * m[10] - m[6] * m[9]) - m[1] * (m[4] * m[10] - m[6] * m[8]) +
                    m[2] * (m[4] * m[9] - m[5] * m[8]));
}

bool is_isotropic(const Grid& grid) noexcept {
    const std::array<double, 3> sizes = voxel_sizes(grid);
    const auto [least, most] = std::minmax_element(sizes.begin(), sizes.end());
    return *most - *least <= 1e-3 * *most;
}

}  // namespace tare::data
