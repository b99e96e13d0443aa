// The first record of a table: which delimiter it shows, and the names of the columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reading_window.hpp"

namespace tare::io::detail {

struct TableHeader {
    char delimiter = '\t';
    std::vector<std::string> names;
    std::size_t bytes = 0;        ///< before the first row: byte order mark, blank lines and the header itself
    std::uint64_t next_line = 1;  ///< the line on which the rows begin
};

/// Reads the header at the beginning of `window`, which is extended as far as it takes, and leaves it in place.
/// `path` says by its ending which delimiter is likely. Throws Error (65): empty, no text table, not UTF-8,
/// a name that appears twice.
[[nodiscard]] TableHeader read_header(ReadingWindow& window, const std::string& path, const std::string& source);

/// True for a name of nothing but spaces.
[[nodiscard]] bool is_blank_name(std::string_view name) noexcept;

}  // namespace tare::io::detail
