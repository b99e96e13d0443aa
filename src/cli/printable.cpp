// Escapes what would break a line or steer a terminal: C0 and C1 controls, DEL, U+2028, U+2029, broken UTF-8.
#include "printable.hpp"

#include "tare/base/text.hpp"

namespace tare::cli {

namespace {

unsigned char as_byte(char c) {
    return static_cast<unsigned char>(c);
}

}  // namespace

std::size_t printable_length(std::string_view text) noexcept {
    if (text.empty()) {
        return 0;
    }
    const unsigned char lead = as_byte(text.front());
    if (lead < 0x80) {
        return lead >= 0x20 && lead != 0x7F ? 1 : 0;
    }
    const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const std::string_view character = text.substr(0, length);
    if (character.size() < length || !base::is_utf8(character)) {
        return 0;
    }
    const bool is_c1_control = lead == 0xC2 && as_byte(character[1]) < 0xA0;
    const bool is_separator = character == "\u2028" || character == "\u2029";
    return is_c1_control || is_separator ? 0 : length;
}

std::string escaped_byte(char byte) {
    switch (byte) {
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        default:
            break;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    return {'\\', 'x', digits[as_byte(byte) / 16U], digits[as_byte(byte) % 16U]};
}

std::string printable(std::string_view text) {
    std::string shown;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = printable_length(text.substr(at));
        if (length == 0) {
            shown += escaped_byte(text[at]);
            at += 1;
        } else {
            shown += text.substr(at, length);
            at += length;
        }
    }
    return shown;
}

}  // namespace tare::cli
