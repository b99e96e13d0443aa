// The tables of a report as text cells, for the page and for Markdown alike.
#pragma once

#include <string>
#include <vector>

#include "tare/report/facts.hpp"

namespace tare::report::detail {

/// A heading above several columns.
struct Group {
    std::string name;
    std::size_t columns = 2;
};

struct Table {
    std::string title;
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;  ///< the first cell names the row
    std::vector<Group> groups = {};              ///< above the last columns; none for a plain header
    std::size_t names = 1;                       ///< the first columns that hold words
};

/// The features beyond these are left to the JSON.
inline constexpr std::size_t most_listed = 4000;

[[nodiscard]] Table site_table(const Report& report);
[[nodiscard]] Table test_table(const Report& report);
[[nodiscard]] Table multivariate_table(const Report& report);
/// Every feature, the worst first, at most `most`.
[[nodiscard]] Table feature_table(const Report& report, std::size_t most);
[[nodiscard]] Table box_table(const Report& report);
[[nodiscard]] Table share_table(const Report& report, std::size_t most);
[[nodiscard]] Table slope_table(const Report& report);
[[nodiscard]] Table feature_slope_table(const Report& report, std::size_t most);
[[nodiscard]] Table component_table(const Report& report);
/// The pairs of features whose correlation changed most.
[[nodiscard]] Table correlation_table(const Report& report);
[[nodiscard]] Table shift_table(const Report& report);
[[nodiscard]] Table prior_table(const Report& report);
[[nodiscard]] Table voxel_table(const Report& report);
[[nodiscard]] Table overlap_table(const Report& report);
[[nodiscard]] Table map_table(const Report& report);

}  // namespace tare::report::detail
