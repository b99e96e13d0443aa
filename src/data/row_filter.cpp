// Parsing and evaluating the condition of --train-where.
#include "tare/data/row_filter.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"

namespace tare::data {
namespace {

constexpr const char* grammar_hint =
    "write conditions like 'diagnosis==control', 'age>=18 && site!=s03', 'dx==CN || dx==SCD'";

/// Cuts `text` at every `separator` that stands outside quotes.
std::vector<std::string_view> cut_outside_quotes(std::string_view text, std::string_view separator) {
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    char quote = '\0';
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quote != '\0') {
            if (text[i] == quote) quote = '\0';
        } else if (text[i] == '\'' || text[i] == '"') {
            quote = text[i];
        } else if (text.substr(i, separator.size()) == separator) {
            parts.push_back(text.substr(begin, i - begin));
            begin = i + separator.size();
            i = begin - 1;
        }
    }
    parts.push_back(text.substr(begin));
    return parts;
}

std::string_view unquoted(std::string_view text) {
    text = base::trimmed(text);
    if (text.size() >= 2 && (text.front() == '\'' || text.front() == '"') && text.back() == text.front()) {
        return text.substr(1, text.size() - 2);
    }
    return text;
}

}  // namespace

RowFilter RowFilter::parse(std::string_view text) {
    RowFilter filter;
    for (const std::string_view alternative : cut_outside_quotes(text, "||")) {
        std::vector<Comparison> all;
        for (const std::string_view part : cut_outside_quotes(alternative, "&&")) all.push_back(parse_comparison(part));
        filter.alternatives_.push_back(std::move(all));
    }
    return filter;
}

RowFilter::Comparison RowFilter::parse_comparison(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, Relation>, 6> relations{{{"==", Relation::equal},
                                                                              {"!=", Relation::unequal},
                                                                              {"<=", Relation::less_equal},
                                                                              {">=", Relation::greater_equal},
                                                                              {"<", Relation::less},
                                                                              {">", Relation::greater}}};
    for (const auto& [symbol, relation] : relations) {
        const std::vector<std::string_view> sides = cut_outside_quotes(text, symbol);
        if (sides.size() != 2) continue;
        Comparison comparison{std::string(unquoted(sides[0])), relation, std::string(unquoted(sides[1]))};
        if (comparison.column.empty() || comparison.value.empty()) break;
        const bool ordered = relation != Relation::equal && relation != Relation::unequal;
        if (ordered && !base::parse_number(comparison.value)) {
            throw base::usage_error("condition '" + std::string(base::trimmed(text)) + "': '" + comparison.value +
                                        "' is not a number, so it has no order",
                                    grammar_hint);
        }
        return comparison;
    }
    throw base::usage_error("condition '" + std::string(base::trimmed(text)) + "' is not 'column==value'", grammar_hint);
}

std::vector<std::string> RowFilter::columns() const {
    std::vector<std::string> names;
    for (const auto& all : alternatives_) {
        for (const Comparison& c : all) {
            if (std::find(names.begin(), names.end(), c.column) == names.end()) names.push_back(c.column);
        }
    }
    return names;
}

bool RowFilter::matches(const std::function<std::string_view(const std::string&)>& cell) const {
    return std::any_of(alternatives_.begin(), alternatives_.end(), [&](const std::vector<Comparison>& all) {
        return std::all_of(all.begin(), all.end(), [&](const Comparison& c) { return holds(c, cell(c.column)); });
    });
}

bool RowFilter::holds(const Comparison& comparison, std::string_view cell) {
    if (base::is_missing(cell)) return false;
    const auto number = base::parse_number(cell);
    const auto value = base::parse_number(comparison.value);
    if (number && value) {
        switch (comparison.relation) {
            case Relation::equal:
                return *number == *value;
            case Relation::unequal:
                return *number != *value;
            case Relation::less:
                return *number < *value;
            case Relation::less_equal:
                return *number <= *value;
            case Relation::greater:
                return *number > *value;
            case Relation::greater_equal:
                return *number >= *value;
        }
    }
    const bool same = base::trimmed(cell) == comparison.value;
    return comparison.relation == Relation::equal ? same : comparison.relation == Relation::unequal && !same;
}

}  // namespace tare::data
