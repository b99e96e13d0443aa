// A table as it was read: every column in its place, the features as numbers, everything else as its own text.
// Writing it back with other feature values changes nothing but those values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tare/data/feature_table.hpp"
#include "tare/data/text_cells.hpp"

namespace tare::data {

struct Table {
    std::string source;               ///< file name as the user gave it ("<stdin>" for "-"); for messages only
    char delimiter = '\t';            ///< as found in the file
    std::vector<std::string> header;  ///< every column name, in file order
    /// Per column: its column in `features` (>= 0), or -1 - j where the column is column j of `text`.
    std::vector<Index> place;
    FeatureTable features;
    TextCells text;
    std::vector<std::uint32_t> line_numbers;  ///< per row: the line of the file on which it begins, from 1

    [[nodiscard]] Index rows() const noexcept { return static_cast<Index>(line_numbers.size()); }
    /// The position of a column by its exact name, or -1.
    [[nodiscard]] Index find(std::string_view name) const noexcept;
    /// The text of a non-feature cell; `column` is a position in `header` whose place is negative.
    [[nodiscard]] std::string_view text_cell(Index row, Index column) const noexcept {
        return text.cell(row, -1 - place[static_cast<std::size_t>(column)]);
    }
    /// "FILE:LINE" of a row, for messages.
    [[nodiscard]] std::string where(Index row) const;
};

/// Some rows of a table, in the order given, with these features: rows × features. Where they are none, the columns of
/// features are left out.
[[nodiscard]] Table some_rows(const Table& table, const std::vector<Index>& rows, FeatureTable features);

}  // namespace tare::data
