// Stepping through UTF-8 text one character at a time, for globs and for the distance of two names.
// A byte that starts no well-formed character counts as a character of its own, distinct from all others.
#pragma once

#include <cstddef>
#include <string_view>

namespace tare::base::detail {

/// The length in bytes of the well-formed character at the start of `bytes`, 0 where there is none.
[[nodiscard]] std::size_t utf8_length(std::string_view bytes) noexcept;

/// The character at `position` (which must lie inside `text`); moves `position` behind it.
[[nodiscard]] char32_t next_character(std::string_view text, std::size_t& position) noexcept;

}  // namespace tare::base::detail
