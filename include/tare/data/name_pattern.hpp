// File names made from a table's row: 'in/{participant_id}_FA.nii.gz', where any column may stand in braces.
// `{{` and `}}` are the braces themselves.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tare/base/matrix.hpp"

namespace tare::data {

using base::Index;

class NamePattern {
public:
    /// Throws Error (64), which begins with `what` (as in "--images"), for a brace that is not closed or not opened, a brace
    /// pair with nothing in it, and a pattern that names no file (empty, or with '/' at its end).
    explicit NamePattern(std::string text, std::string what = {});

    /// As it was given.
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    /// The columns in braces, each once, in the order of their first appearance. Empty: every row gets the same name.
    [[nodiscard]] const std::vector<std::string>& columns() const noexcept { return columns_; }
    /// The folder part before the first brace, the whole folder part where there is none: "in"; "." for the working folder.
    [[nodiscard]] const std::string& root() const noexcept { return root_; }

    /// The name for one row. `cell` takes a column's name to its text in that row; `row` says where that is in a message
    /// ("participants.tsv:12"). Throws Error (65) for a cell that is missing or holds a '/' or NUL, and for cells that make
    /// a part of the path empty, "." or "..".
    [[nodiscard]] std::string expand(const std::function<std::string(const std::string& column)>& cell,
                                     std::string_view row) const;

    /// The names of rows 0 to `rows` − 1. Throws Error (65) as above, and where two rows get the same name.
    [[nodiscard]] std::vector<std::string> expand_all(
        Index rows, const std::function<std::string(Index row, const std::string& column)>& cell,
        const std::function<std::string(Index row)>& where) const;

    /// The cells, in the order of `columns()`, with which the name is `text`, each as short as it can be, those before
    /// first; none is empty or holds a '/'. Nothing where there are no such cells.
    [[nodiscard]] std::optional<std::vector<std::string>> match(std::string_view text) const;

private:
    /// Literal text, or the column in braces behind it.
    struct Piece {
        std::string text;
        bool column = false;
    };

    void parse();
    [[nodiscard]] bool matches_from(std::size_t piece, std::string_view text, std::vector<std::string>& cells) const;

    std::string text_, what_, root_;
    std::vector<Piece> pieces_;
    std::vector<std::string> columns_;
};

}  // namespace tare::data
