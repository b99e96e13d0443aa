// Erosion by one voxel with the neighbourhood of faces and edges.
#include "erosion.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>

namespace tare::imaging::detail {

std::vector<unsigned char> eroded(const data::Grid& grid, const std::vector<unsigned char>& region) {
    const std::array<data::Index, 3> extent = data::extents(grid);
    std::vector<std::ptrdiff_t> neighbours;
    for (int z = -1; z <= 1; ++z) {
        for (int y = -1; y <= 1; ++y) {
            for (int x = -1; x <= 1; ++x) {
                if (std::abs(x) + std::abs(y) + std::abs(z) <= 2) neighbours.push_back(x + extent[0] * (y + extent[1] * z));
            }
        }
    }
    std::vector<unsigned char> out(region.size(), 0);
    for (data::Index z = 1; z + 1 < extent[2]; ++z) {
        for (data::Index y = 1; y + 1 < extent[1]; ++y) {
            for (data::Index x = 1; x + 1 < extent[0]; ++x) {
                const data::Index at = x + extent[0] * (y + extent[1] * z);
                if (region[static_cast<std::size_t>(at)] == 0) continue;
                const bool inner = std::all_of(neighbours.begin(), neighbours.end(), [&](std::ptrdiff_t step) {
                    return region[static_cast<std::size_t>(at + step)] != 0;
                });
                if (inner) out[static_cast<std::size_t>(at)] = 1;
            }
        }
    }
    return out;
}

}  // namespace tare::imaging::detail
