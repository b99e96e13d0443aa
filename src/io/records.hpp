// Cuts the text of a table into records (rows). A record ends at a line end outside quotes; a quote opens only at the
// beginning of a cell, anywhere else it is an ordinary character.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tare/base/error.hpp"

namespace tare::io::detail {

struct Record {
    std::size_t begin;   ///< position in the text that was split
    std::size_t end;     ///< without the line end (LF or CRLF)
    std::uint64_t line;  ///< on which it begins, from 1
    bool quoted;         ///< holds a quote, so that its cells need the careful reading
};

class RecordSplitter {
public:
    /// `source` is for messages; `line` is the number of the first line of the text.
    RecordSplitter(std::string source, char delimiter, std::uint64_t line, bool skip_blank_lines)
        : source_(std::move(source)), delimiter_(delimiter), line_(line), skip_blank_lines_(skip_blank_lines) {}

    /// Appends the whole records at the beginning of `text` and returns how many bytes they take; what is left must
    /// come again at the beginning of the next text. With `last` the end of the text ends a record too. Stops when
    /// `records` holds `most`.
    std::size_t split(std::string_view text, bool last, std::vector<Record>& records, std::size_t most = SIZE_MAX);

    /// The fault that stopped the splitting, right after the records found so far.
    [[nodiscard]] const std::optional<base::Error>& fault() const noexcept { return fault_; }

    /// The line on which the text after the records begins.
    [[nodiscard]] std::uint64_t line() const noexcept { return line_; }

private:
    /// The position of the line end that ends the record, or the end of the text; nothing where more text is needed
    /// or after a fault. Counts the line ends within quotes.
    std::optional<std::size_t> quoted_record_end(std::string_view text, std::size_t begin, bool last,
                                                 std::uint64_t& lines_inside);
    /// The position after the closing quote; `position` is after the opening one.
    std::optional<std::size_t> after_closing_quote(std::string_view text, std::size_t position, bool last,
                                                   std::uint64_t& lines_inside);
    void add(std::string_view text, std::size_t begin, std::size_t end, bool quoted, std::vector<Record>& records) const;

    std::string source_;
    char delimiter_;
    std::uint64_t line_;
    bool skip_blank_lines_;
    std::optional<base::Error> fault_;
};

}  // namespace tare::io::detail
