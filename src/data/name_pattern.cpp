// Parsing a name pattern once, and putting a row's cells into it.
#include "tare/data/name_pattern.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"

namespace tare::data {
namespace {

/// The part of the path, up to the next '/', that a row's cells have made nothing or a way to another folder.
bool leads_elsewhere(std::string_view part) {
    return part.empty() || part == "." || part == "..";
}

}  // namespace

NamePattern::NamePattern(std::string text, std::string what) : text_(std::move(text)), what_(std::move(what)) {
    if (!what_.empty()) what_ += ": ";
    parse();
}

void NamePattern::parse() {
    if (text_.empty() || text_.back() == '/') throw base::usage_error(what_ + "'" + text_ + "' names no file");
    const std::string doubled = "write {{ and }} where braces are part of the name";
    std::string before;  // everything up to the first column
    std::string literal;
    for (std::size_t at = 0; at < text_.size(); ++at) {
        const char c = text_[at];
        if (c != '{' && c != '}') {
            literal += c;
            continue;
        }
        if (at + 1 < text_.size() && text_[at + 1] == c) {
            literal += c;
            ++at;
            continue;
        }
        if (c == '}') throw base::usage_error(what_ + "'" + text_ + "': a '}' closes no brace", doubled);
        const std::size_t end = text_.find_first_of("{}", at + 1);
        if (end == std::string::npos || text_[end] == '{') {
            throw base::usage_error(what_ + "'" + text_ + "': a '{' is not closed", doubled);
        }
        std::string name = text_.substr(at + 1, end - at - 1);
        if (name.empty()) throw base::usage_error(what_ + "'" + text_ + "': {} names no column");
        if (columns_.empty()) before = literal;
        pieces_.push_back({std::exchange(literal, {}), false});
        if (std::find(columns_.begin(), columns_.end(), name) == columns_.end()) columns_.push_back(name);
        pieces_.push_back({std::move(name), true});
        at = end;
    }
    if (columns_.empty()) before = literal;
    pieces_.push_back({std::move(literal), false});
    const std::size_t slash = before.rfind('/');
    root_ = slash == std::string::npos ? "." : slash == 0 ? "/" : before.substr(0, slash);
}

std::string NamePattern::expand(const std::function<std::string(const std::string& column)>& cell,
                                std::string_view row) const {
    const auto refused = [&](const std::string& why) {
        return base::inconsistent(std::string(row) + ": " + why, "the name comes from '" + text_ + "'");
    };
    std::string name, part;
    bool part_of_cells = false;
    for (const Piece& piece : pieces_) {
        if (piece.column) {
            const std::string text = cell(piece.text);
            if (base::is_missing(text)) {
                throw refused("column '" + piece.text + "' has no value, so the image has no name");
            }
            if (text.find('/') != std::string::npos || text.find('\0') != std::string::npos) {
                throw refused("column '" + piece.text + "': '" + text + "' cannot be part of a file name");
            }
            part += text;
            part_of_cells = true;
            continue;
        }
        for (const char c : piece.text) {
            if (c != '/') {
                part += c;
                continue;
            }
            if (part_of_cells && leads_elsewhere(part)) throw refused("'" + part + "' cannot be the name of a folder");
            name += part + '/';
            part.clear();
            part_of_cells = false;
        }
    }
    if (part_of_cells && leads_elsewhere(part)) throw refused("'" + part + "' cannot be the name of a file");
    return name + part;
}

std::vector<std::string> NamePattern::expand_all(
    Index rows, const std::function<std::string(Index row, const std::string& column)>& cell,
    const std::function<std::string(Index row)>& where) const {
    std::vector<std::string> names;
    names.reserve(static_cast<std::size_t>(rows));
    std::unordered_map<std::string, Index> first;
    for (Index i = 0; i < rows; ++i) {
        names.push_back(expand([&](const std::string& column) { return cell(i, column); }, where(i)));
        const auto [other, fresh] = first.emplace(names.back(), i);
        if (!fresh) {
            throw base::inconsistent(where(i) + ": '" + names.back() + "' is also the image of " + where(other->second),
                                     "name more columns in '" + text_ + "', so that every row has an image of its own");
        }
    }
    return names;
}

bool NamePattern::matches_from(std::size_t piece, std::string_view text, std::vector<std::string>& cells) const {
    if (piece == pieces_.size()) return text.empty();
    const Piece& here = pieces_[piece];
    if (!here.column) return text.starts_with(here.text) && matches_from(piece + 1, text.substr(here.text.size()), cells);
    const auto column = static_cast<std::size_t>(std::find(columns_.begin(), columns_.end(), here.text) - columns_.begin());
    if (!cells[column].empty()) {
        return text.starts_with(cells[column]) && matches_from(piece + 1, text.substr(cells[column].size()), cells);
    }
    for (std::size_t length = 1; length <= text.size() && text[length - 1] != '/'; ++length) {
        cells[column] = text.substr(0, length);
        if (matches_from(piece + 1, text.substr(length), cells)) return true;
    }
    cells[column].clear();
    return false;
}

std::optional<std::vector<std::string>> NamePattern::match(std::string_view text) const {
    std::vector<std::string> cells(columns_.size());
    if (!matches_from(0, text, cells)) return std::nullopt;
    return cells;
}

}  // namespace tare::data
