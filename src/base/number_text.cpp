// Parsing and printing of numbers over from_chars and to_chars; see the header for the accepted spellings.
// What from_chars reports as out of range is split here: too large is no number, too small is zero.
#include "tare/base/number_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

#include "tare/base/text.hpp"

namespace tare::base {

namespace {

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

constexpr bool is_letter(char c, char lower) noexcept {
    return c == lower || c == static_cast<char>(lower - 'a' + 'A');
}

/// True where a decimal text that from_chars found out of range lies below the smallest double, not above the largest.
bool underflows(std::string_view digits) noexcept {
    const std::size_t e = digits.find_first_of("eE");
    const std::string_view mantissa = digits.substr(0, e);
    const std::size_t first = mantissa.find_first_of("123456789");
    if (first == std::string_view::npos) {
        return true;
    }
    const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
    // The power of ten of the leading digit, before the written exponent counts.
    const auto magnitude = static_cast<long long>(point) - static_cast<long long>(first);
    if (e == std::string_view::npos) {
        return magnitude < 0;
    }
    std::string_view written = digits.substr(e + 1);
    const bool negative = written.starts_with('-');
    if (negative || written.starts_with('+')) {
        written.remove_prefix(1);
    }
    long long exponent = 0;
    if (std::from_chars(written.data(), written.data() + written.size(), exponent).ec != std::errc{}) {
        return negative;
    }
    return negative ? magnitude < exponent : magnitude < -exponent;
}

}  // namespace

bool is_missing(std::string_view text) noexcept {
    const std::string_view cell = trimmed(text);
    switch (cell.size()) {
        case 0:
            return true;
        case 2:
            return is_letter(cell[0], 'n') && is_letter(cell[1], 'a');
        case 3:
            return is_letter(cell[0], 'n') &&
                   (cell[1] == '/' ? is_letter(cell[2], 'a') : is_letter(cell[1], 'a') && is_letter(cell[2], 'n'));
        default:
            return false;
    }
}

std::optional<double> parse_number(std::string_view text) noexcept {
    std::string_view cell = trimmed(text);
    if (cell.starts_with('+')) {
        cell.remove_prefix(1);
        if (cell.starts_with('-')) {
            return std::nullopt;
        }
    }
    // from_chars would also take "inf" and "nan".
    const std::string_view digits = cell.substr(cell.starts_with('-') ? 1 : 0);
    if (digits.empty() || !(is_digit(digits.front()) || digits.front() == '.')) {
        return std::nullopt;
    }
    const char* const end = cell.data() + cell.size();
    double value = 0.0;
    const auto [stop, error] = std::from_chars(cell.data(), end, value);
    if (stop != end) {
        return std::nullopt;
    }
    if (error == std::errc::result_out_of_range) {
        if (!underflows(digits)) {
            return std::nullopt;
        }
        return cell.front() == '-' ? -0.0 : 0.0;
    }
    if (error != std::errc{} || !std::isfinite(value)) {
        return std::nullopt;
    }
    return value;
}

std::optional<std::string> with_decimal_point(std::string_view text) {
    std::string number(trimmed(text));
    const std::size_t comma = number.find(',');
    if (comma == std::string::npos) {
        return std::nullopt;
    }
    number[comma] = '.';
    return parse_number(number) ? std::optional(number) : std::nullopt;
}

std::optional<long long> parse_integer(std::string_view text) noexcept {
    const std::string_view cell = trimmed(text);
    const char* const end = cell.data() + cell.size();
    long long value = 0;
    const auto [stop, error] = std::from_chars(cell.data(), end, value);
    if (error != std::errc{} || stop != end) {
        return std::nullopt;
    }
    return value;
}

void append_number(std::string& out, double value) {
    if (std::isnan(value)) {
        out += missing_text;
        return;
    }
    std::array<char, 32> buffer;
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    static_cast<void>(error);  // the shortest text of a double has at most 24 characters
    out.append(buffer.data(), end);
}

std::string number_text(double value) {
    std::string text;
    append_number(text, value);
    return text;
}

}  // namespace tare::base
