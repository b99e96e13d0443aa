// Numbers to and from text, the same in every locale: only from_chars and to_chars are used.
// A number is finite; missing cells have their own spellings (empty, n/a, NA, NaN) and are no numbers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tare::base {

/// The spelling of a missing value in everything tare writes.
inline constexpr std::string_view missing_text = "n/a";

/// True for an empty cell and for n/a, NA and NaN in any case; surrounding spaces do not count.
[[nodiscard]] bool is_missing(std::string_view text) noexcept;

/// The finite number that the whole text spells ("1.5", "+2", "1e-3", spaces around allowed), else nothing.
[[nodiscard]] std::optional<double> parse_number(std::string_view text) noexcept;

/// "3.14" for "3,14": the text with a point where a number was written with a decimal comma, else nothing.
[[nodiscard]] std::optional<std::string> with_decimal_point(std::string_view text);

/// The whole number that the text spells, else nothing (no sign but '-', no exponent).
[[nodiscard]] std::optional<long long> parse_integer(std::string_view text) noexcept;

/// Appends the shortest text that reads back to the same double; NaN is written as `missing_text`.
void append_number(std::string& out, double value);

/// The shortest text that reads back to the same double; NaN is written as `missing_text`.
[[nodiscard]] std::string number_text(double value);

}  // namespace tare::base
