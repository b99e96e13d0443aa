// One pass over the rows of a table, block by block: while the threads parse one block, the next is read and hashed.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "reading_window.hpp"
#include "row_parser.hpp"
#include "table_header.hpp"
#include "tare/base/log.hpp"
#include "tare/base/resources.hpp"
#include "tare/data/table.hpp"

namespace tare::io::detail {

/// How much is read at a time: fixed by the table, never by the number of threads.
[[nodiscard]] std::size_t block_size(const TableHeader& header) noexcept;

struct PassResult {
    data::Table table;
    std::vector<unsigned char> holds_text;  ///< per column: a tentative number that is other text somewhere
};

/// Reads all rows; `window` begins with the text after the header, of which `size` bytes are to come in all.
/// Throws Error: the first fault in reading order (65), 71, 74.
[[nodiscard]] PassResult read_rows(ReadingWindow& window, const TextSource& source, const TableHeader& header,
                                   const RowFormat& format, const base::Resources& resources, base::Log& log);

}  // namespace tare::io::detail
