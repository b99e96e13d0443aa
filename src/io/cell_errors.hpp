// The errors about single places of a table, so that every part of the reader words them alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tare/base/error.hpp"

namespace tare::io::detail {

/// "FILE:LINE: " before what is wrong there.
[[nodiscard]] std::string at_line(const std::string& source, std::uint64_t line);

/// A piece of a file as it can stand in one line of a message: control characters replaced, long text cut.
[[nodiscard]] std::string excerpt(std::string_view text);

/// A cell of a feature column that is neither a number nor missing.
[[nodiscard]] base::Error not_a_number(const std::string& source, std::uint64_t line, const std::string& column,
                                       std::string_view cell, char delimiter);

/// A cell or header with bytes that cannot be text.
[[nodiscard]] base::Error not_text(const std::string& source, std::uint64_t line, std::string_view bytes);

/// A whole file that is something other than text in UTF-8; `hint` says what it looks like.
[[nodiscard]] base::Error not_a_table(const std::string& source, const std::string& hint);

/// A file whose lines end in CR alone.
[[nodiscard]] base::Error old_line_ends(const std::string& source);

/// A row with another number of cells than the header.
[[nodiscard]] base::Error ragged(const std::string& source, std::uint64_t line, std::size_t cells, std::size_t columns);

}  // namespace tare::io::detail
