// UTF-8 as Unicode table 3-7 defines it: no overlong forms, no surrogates, nothing above U+10FFFF.
#include "utf8.hpp"

#include <cstdint>
#include <cstring>

#include "tare/base/text.hpp"

namespace tare::base {

namespace detail {

namespace {

constexpr unsigned byte_at(std::string_view bytes, std::size_t i) noexcept {
    return static_cast<unsigned char>(bytes[i]);
}

constexpr bool continues(unsigned byte) noexcept {
    return (byte & 0xC0U) == 0x80U;
}

}  // namespace

std::size_t utf8_length(std::string_view bytes) noexcept {
    if (bytes.empty()) {
        return 0;
    }
    const unsigned lead = byte_at(bytes, 0);
    if (lead < 0x80U) {
        return 1;
    }
    const std::size_t length = lead >= 0xF0U ? 4 : lead >= 0xE0U ? 3 : 2;
    if (lead < 0xC2U || lead > 0xF4U || bytes.size() < length) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if (!continues(byte_at(bytes, i))) {
            return 0;
        }
    }
    const unsigned second = byte_at(bytes, 1);
    const bool overlong = (lead == 0xE0U && second < 0xA0U) || (lead == 0xF0U && second < 0x90U);
    const bool surrogate = lead == 0xEDU && second > 0x9FU;
    const bool too_large = lead == 0xF4U && second > 0x8FU;
    return overlong || surrogate || too_large ? 0 : length;
}

char32_t next_character(std::string_view text, std::size_t& position) noexcept {
    const unsigned lead = byte_at(text, position);
    if (lead < 0x80U) {
        ++position;
        return lead;
    }
    const std::string_view rest = text.substr(position);
    const std::size_t length = utf8_length(rest);
    if (length == 0) {
        ++position;
        return 0x110000U + lead;
    }
    char32_t character = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        character = (character << 6U) | (byte_at(rest, i) & 0x3FU);
    }
    position += length;
    return character;
}

}  // namespace detail

bool is_utf8(std::string_view bytes) noexcept {
    constexpr std::uint64_t ones = 0x0101010101010101U;
    constexpr std::uint64_t high_bits = 0x8080808080808080U;
    std::size_t position = 0;
    while (position < bytes.size()) {
        // Eight plain characters at once: subtracting one borrows into the high bit only from a NUL.
        std::uint64_t word = 0;
        while (bytes.size() - position >= sizeof word) {
            std::memcpy(&word, bytes.data() + position, sizeof word);
            if (((word | (word - ones)) & high_bits) != 0) {
                break;
            }
            position += sizeof word;
        }
        if (position == bytes.size()) {
            break;
        }
        const std::size_t length = bytes[position] == '\0' ? 0 : detail::utf8_length(bytes.substr(position));
        if (length == 0) {
            return false;
        }
        position += length;
    }
    return true;
}

}  // namespace tare::base
