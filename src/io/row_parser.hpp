// Turns records into rows of a table: numbers where the column is stored as numbers, text elsewhere.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "records.hpp"
#include "tare/data/text_cells.hpp"

namespace tare::io::detail {

/// How a column is stored while the table is read.
enum class Storage : unsigned char {
    text,
    number,           ///< other text in it is an error
    tentative_number  ///< other text in it is noted, and the column read again as text
};

/// What all rows of a table have in common.
struct RowFormat {
    std::string source;  ///< for messages
    char delimiter = '\t';
    std::vector<std::string> header;
    std::vector<Storage> storage;  ///< per column

    [[nodiscard]] std::size_t columns() const noexcept { return storage.size(); }
    /// How many columns are stored as numbers.
    [[nodiscard]] std::size_t numbers() const noexcept;
};

/// Parses records of `text`. The numbers go to `values`, row by row; the other cells are appended to `cells`; and
/// `holds_text` (per column, shared between threads) is set where a tentative number turns out to be other text.
/// Throws Error (65) for the first fault in reading order: ragged row, not a number, not UTF-8.
void parse_rows(const RowFormat& format, std::string_view text, std::span<const Record> records, double* values,
                data::TextCells& cells, std::span<unsigned char> holds_text);

}  // namespace tare::io::detail
