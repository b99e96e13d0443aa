// Walks through the cells of one record, left to right, without copying: only a cell with doubled quotes is rewritten.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tare::io::detail {

class CellCursor {
public:
    /// `quoted`: the record holds quotes (Record::quoted); its quotes are known to be closed.
    CellCursor(std::string_view record, char delimiter, bool quoted) noexcept
        : rest_(record), delimiter_(delimiter), quoted_(quoted) {}

    /// The next cell, without its quotes; false after the last. `cell` is valid until the next call.
    bool next(std::string_view& cell) {
        if (finished_) {
            return false;
        }
        if (quoted_ && rest_.starts_with('"')) {
            next_quoted(cell);
            return true;
        }
        const std::size_t end = rest_.find(delimiter_);
        cell = rest_.substr(0, end);
        leave(end);
        return true;
    }

private:
    void leave(std::size_t end) noexcept {
        finished_ = end >= rest_.size();
        rest_.remove_prefix(finished_ ? rest_.size() : end + 1);
    }
    void next_quoted(std::string_view& cell);

    std::string_view rest_;
    char delimiter_;
    bool quoted_;
    bool finished_ = false;
    std::string unescaped_;
};

/// The number of cells in a record.
[[nodiscard]] std::size_t count_cells(std::string_view record, char delimiter, bool quoted);

}  // namespace tare::io::detail
