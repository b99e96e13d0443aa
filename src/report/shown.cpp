// The one place where a report's numbers become text.
#include "tare/report/shown.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "tare/base/number_text.hpp"

namespace tare::report {

namespace {

std::string digits(double value, std::chars_format format, int precision) {
    std::array<char, 64> buffer;
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format, precision);
    return error == std::errc() ? std::string(buffer.data(), end) : base::number_text(value);
}

/// "1.20e-8" for "1.20e-08".
std::string without_zero(std::string text) {
    const std::size_t at = text.find('e');
    if (at != std::string::npos && at + 2 < text.size() && text[at + 2] == '0') {
        text.erase(at + 2, 1);
    }
    return text;
}

bool is_zero(const std::string& text) {
    return text.find_first_of("123456789") == std::string::npos;
}

}  // namespace

std::string shown(double value) {
    if (!std::isfinite(value)) {
        return std::string(base::missing_text);
    }
    const double size = std::abs(value);
    if (size >= 999.5 && size < 1e9) {
        return digits(value, std::chars_format::fixed, 0);
    }
    if (value == std::trunc(value)) {
        return is_zero(digits(value, std::chars_format::general, 3)) ? "0" : digits(value, std::chars_format::general, 3);
    }
    if (size >= 1e-4 && size < 1e9) {
        // As many decimals as three significant digits take, those of 9.996 counted as those of 10.0.
        const int leading = static_cast<int>(std::floor(std::log10(size * (1.0 + 5e-4))));
        return digits(value, std::chars_format::fixed, std::max(0, 2 - leading));
    }
    return without_zero(digits(value, std::chars_format::scientific, 2));
}

std::string shown_share(double share) {
    if (!std::isfinite(share)) {
        return std::string(base::missing_text);
    }
    const std::string text = digits(100.0 * share, std::chars_format::fixed, 1);
    return (is_zero(text) ? "0.0" : text) + " %";
}

std::string shown_p(double p) {
    return p == 0.0 ? "< 1e-300" : shown(p);
}

std::string shown_range(double low, double high) {
    return shown(low) + " to " + shown(high);
}

}  // namespace tare::report
