// Quoted cells, which the fast path leaves aside.
#include "cells.hpp"

namespace tare::io::detail {

void CellCursor::next_quoted(std::string_view& cell) {
    std::size_t begin = 1;
    std::size_t quote = rest_.find('"', begin);
    const bool plain = quote + 1 >= rest_.size() || rest_[quote + 1] != '"';
    if (plain) {
        cell = rest_.substr(begin, quote - begin);
    } else {
        unescaped_.clear();
        while (quote + 1 < rest_.size() && rest_[quote + 1] == '"') {
            unescaped_ += rest_.substr(begin, quote + 1 - begin);
            begin = quote + 2;
            quote = rest_.find('"', begin);
        }
        unescaped_ += rest_.substr(begin, quote - begin);
        cell = unescaped_;
    }
    leave(quote + 1);
}

std::size_t count_cells(std::string_view record, char delimiter, bool quoted) {
    CellCursor cursor(record, delimiter, quoted);
    std::string_view cell;
    std::size_t cells = 0;
    while (cursor.next(cell)) {
        ++cells;
    }
    return cells;
}

}  // namespace tare::io::detail
