// Reading result tables in tests: every column but the first as numbers, addressed by name.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tare/io/table_reader.hpp"

namespace tare::test {

/// The table with its first column as text and all others as numbers; those in `text` stay text too.
[[nodiscard]] inline data::Table read_numbers(const std::string& path, const std::vector<std::string>& text = {}) {
    base::SilentLog log;
    const io::ColumnPolicy policy = [&](const std::vector<std::string>& header) {
        std::vector<io::ColumnRole> roles(header.size(), io::ColumnRole::feature);
        roles.front() = io::ColumnRole::text;
        for (std::size_t j = 0; j < header.size(); ++j) {
            if (std::find(text.begin(), text.end(), header[j]) != text.end()) roles[j] = io::ColumnRole::text;
        }
        return roles;
    };
    return io::read_table(path, policy, {}, log).table;
}

/// The values of one column, by name.
[[nodiscard]] inline std::vector<double> column(const data::Table& table, const std::string& name) {
    const auto place = table.place[static_cast<std::size_t>(table.find(name))];
    std::vector<double> values;
    for (base::Index i = 0; i < table.rows(); ++i) values.push_back(table.features.values(i, place));
    return values;
}

[[nodiscard]] inline double mean(const std::vector<double>& values) {
    double sum = 0.0;
    for (const double v : values) sum += v;
    return sum / static_cast<double>(values.size());
}

/// The SD with divisor n − 1 over the values that are not missing.
[[nodiscard]] inline double standard_deviation(const std::vector<double>& values) {
    std::vector<double> present;
    for (const double v : values) {
        if (!std::isnan(v)) present.push_back(v);
    }
    const double centre = mean(present);
    double squares = 0.0;
    for (const double v : present) squares += (v - centre) * (v - centre);
    return std::sqrt(squares / static_cast<double>(present.size() - 1));
}

/// The largest |a − b|; infinite where one is missing and the other is not, or lengths differ.
[[nodiscard]] inline double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
    if (a.size() != b.size()) return INFINITY;
    double largest = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (std::isnan(a[i]) != std::isnan(b[i])) return INFINITY;
        if (!std::isnan(a[i])) largest = std::max(largest, std::abs(a[i] - b[i]));
    }
    return largest;
}

}  // namespace tare::test
