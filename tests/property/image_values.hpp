// Working with images and matrices in the property tests: result tables as rows of numbers, and how far results are apart.
#pragma once

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "support/table_values.hpp"

namespace tare::test {

/// Half a unit in the last place of float32, with room for the double rounding of what it is compared with.
inline constexpr double single_rounding = 0x1p-24 * 1.000001;

/// The values of a result table without its first columns, row by row; NaN where a cell is missing.
[[nodiscard]] inline std::vector<std::vector<double>> table_rows(const std::filesystem::path& path) {
    const data::Table table = read_numbers(path.string(), {"site", "age", "sex"});
    std::vector<std::vector<double>> rows;
    for (base::Index i = 0; i < table.rows(); ++i) {
        const auto row = table.features.values.row(i);
        rows.emplace_back(row.begin(), row.end());
    }
    return rows;
}

}  // namespace tare::test
