// Wording of the errors, and the guesses behind their hints.
#include "cell_errors.hpp"

#include <algorithm>

#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"

namespace tare::io::detail {

namespace {

/// True for "inf", "-Infinity" and for numbers like 1e999 that no double can hold.
bool is_infinite(std::string_view cell) {
    cell = base::trimmed(cell);
    if (cell.starts_with('-') || cell.starts_with('+')) {
        cell.remove_prefix(1);
    }
    std::string lower(cell);
    for (char& c : lower) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    if (lower == "inf" || lower == "infinity") {
        return true;
    }
    // With another exponent it would be a number, so the exponent is what is wrong with it.
    const std::size_t e = lower.find('e');
    if (e == std::string::npos) {
        return lower.size() > 300 && lower.find_first_not_of("0123456789.") == std::string::npos &&
               std::count(lower.begin(), lower.end(), '.') <= 1;
    }
    const std::string_view exponent = std::string_view(lower).substr(e + 1);
    return base::parse_number(lower.substr(0, e)).has_value() && base::parse_number(exponent).has_value() &&
           exponent.find_first_not_of("+0123456789") == std::string_view::npos;
}

}  // namespace

std::string at_line(const std::string& source, std::uint64_t line) {
    return source + ":" + std::to_string(line) + ": ";
}

std::string excerpt(std::string_view text) {
    constexpr std::size_t most = 60;
    std::string shown(text.substr(0, most));
    if (text.size() > most) {
        while (!shown.empty() && !base::is_utf8(shown)) {
            shown.pop_back();
        }
        shown += "...";
    }
    std::replace_if(
        shown.begin(), shown.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
    return shown;
}

base::Error not_a_number(const std::string& source, std::uint64_t line, const std::string& column, std::string_view cell,
                         char delimiter) {
    const std::string start = at_line(source, line) + "column '" + excerpt(column) + "': '" + excerpt(cell) + "'";
    if (is_infinite(cell)) {
        return base::malformed(start + " is not a finite number",
                               "leave the column out with --exclude '" + excerpt(column) + "', or mark the cell n/a");
    }
    const auto pointed = delimiter == ',' ? std::nullopt : base::with_decimal_point(cell);
    return base::malformed(start + " is not a number",
                           pointed ? "decimal comma: write " + *pointed
                                   : "leave the column out with --exclude '" + excerpt(column) + "', or mark the cell n/a");
}

base::Error not_text(const std::string& source, std::uint64_t line, std::string_view bytes) {
    if (bytes.find('\0') != std::string_view::npos) {
        return base::malformed(at_line(source, line) + "is not text: it holds a NUL byte", "save the table as CSV in UTF-8");
    }
    return base::malformed(at_line(source, line) + "bytes that are not UTF-8",
                           "convert the file, for example with: iconv -f latin1 -t utf-8");
}

base::Error not_a_table(const std::string& source, const std::string& hint) {
    return base::malformed(source + ": is not a text table", hint);
}

base::Error old_line_ends(const std::string& source) {
    return base::malformed(source + ": its lines end in CR alone, as on old Macs", "convert it with: tr '\\r' '\\n'");
}

base::Error ragged(const std::string& source, std::uint64_t line, std::size_t cells, std::size_t columns) {
    return base::malformed(at_line(source, line) + base::counted(cells, "cell") + ", but the header has " +
                           std::to_string(columns));
}

}  // namespace tare::io::detail
