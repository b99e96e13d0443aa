// The condition of --train-where: comparisons of columns with values, joined by && and || (&& binds tighter).
// A comparison is numeric where both sides are numbers, else by text (== and != only); a missing cell never matches.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tare::data {

class RowFilter {
public:
    /// Parses "diagnosis==control && age<60"; values may be quoted with ' or ". Throws Error (64) naming the fault.
    [[nodiscard]] static RowFilter parse(std::string_view text);

    /// The columns that the condition reads, each once.
    [[nodiscard]] std::vector<std::string> columns() const;

    /// `cell(column)` gives the row's text in that column.
    [[nodiscard]] bool matches(const std::function<std::string_view(const std::string& column)>& cell) const;

private:
    enum class Relation { equal, unequal, less, less_equal, greater, greater_equal };
    struct Comparison {
        std::string column;
        Relation relation;
        std::string value;
    };
    [[nodiscard]] static Comparison parse_comparison(std::string_view text);
    [[nodiscard]] static bool holds(const Comparison& comparison, std::string_view cell);

    std::vector<std::vector<Comparison>> alternatives_;  ///< any of these, each a list that must all hold
};

}  // namespace tare::data
