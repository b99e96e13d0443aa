// Small images written from a rule, and the cells of the tables that are measured in them.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "support/image_cohort.hpp"

namespace tare::test {

/// A grid along the axes of space, its first voxel at the origin.
[[nodiscard]] inline data::Grid grid_of(std::vector<Index> shape, std::array<double, 3> sizes) {
    return {std::move(shape), {sizes[0], 0, 0, 0, 0, sizes[1], 0, 0, 0, 0, sizes[2], 0}};
}

/// The image whose voxel (x, y, z) is value(x, y, z).
template <typename Value>
void write_image(const std::filesystem::path& path, const data::Grid& grid, const Value& value,
                 io::VoxelType type = io::VoxelType::uint8) {
    std::vector<double> values;
    for (Index z = 0; z < grid.shape[2]; ++z) {
        for (Index y = 0; y < grid.shape[1]; ++y) {
            for (Index x = 0; x < grid.shape[0]; ++x) values.push_back(value(x, y, z));
        }
    }
    write_volume(path, grid, values, type);
}

/// The cells of a tab-separated table, its header first.
[[nodiscard]] inline std::vector<std::vector<std::string>> rows_of(const std::string& table) {
    std::vector<std::vector<std::string>> rows;
    std::vector<std::string> cells{""};
    for (const char c : table) {
        if (c == '\t')
            cells.emplace_back();
        else if (c == '\n')
            rows.push_back(std::exchange(cells, {""}));
        else
            cells.back() += c;
    }
    return rows;
}

}  // namespace tare::test
