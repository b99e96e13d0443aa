// Numbers in bytes of either byte order, at any address.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace tare::io::detail {

inline constexpr bool native_is_big = std::endian::native == std::endian::big;

template <typename T>
using Carrier = std::conditional_t<
    sizeof(T) == 1, std::uint8_t,
    std::conditional_t<sizeof(T) == 2, std::uint16_t, std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>>;

template <typename T>
[[nodiscard]] constexpr T byte_swapped(T value) noexcept {
    static_assert(sizeof(T) == sizeof(Carrier<T>));
    auto bits = std::bit_cast<Carrier<T>>(value);
    if constexpr (sizeof(T) == 2) {
        bits = __builtin_bswap16(bits);
    } else if constexpr (sizeof(T) == 4) {
        bits = __builtin_bswap32(bits);
    } else if constexpr (sizeof(T) == 8) {
        bits = __builtin_bswap64(bits);
    }
    return std::bit_cast<T>(bits);
}

template <typename T>
[[nodiscard]] T load(const char* from, bool big_endian) noexcept {
    T value;
    std::memcpy(&value, from, sizeof(T));
    return big_endian == native_is_big ? value : byte_swapped(value);
}

template <typename T>
void store(char* to, T value, bool big_endian) noexcept {
    const T ordered = big_endian == native_is_big ? value : byte_swapped(value);
    std::memcpy(to, &ordered, sizeof(T));
}

}  // namespace tare::io::detail
