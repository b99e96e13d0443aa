// Small helpers on text: lists, globs, UTF-8, and the "did you mean" of the error messages.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tare::base {

/// The text without spaces, tabs and line ends at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

/// The items of a comma-separated list, trimmed; an empty text is an empty list.
[[nodiscard]] std::vector<std::string> split_list(std::string_view text);

/// The items put side by side: "a, b, c"; beyond `most` items the rest is counted ("and 7 more").
[[nodiscard]] std::string joined(std::span<const std::string> items, std::size_t most = 8);

/// True where a shell-style pattern (`*`, `?`, `[abc]`, `[!abc]`) matches the whole text.
[[nodiscard]] bool glob_match(std::string_view pattern, std::string_view text);

/// The candidate that a reader most likely meant by `name`: equal but for case, or a few typing errors away.
[[nodiscard]] std::optional<std::string> closest(std::string_view name, std::span<const std::string> candidates);

/// "did you mean 'x'?" for the closest candidate, else an empty text.
[[nodiscard]] std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

/// True where the bytes are well-formed UTF-8 without NUL.
[[nodiscard]] bool is_utf8(std::string_view bytes) noexcept;

/// "1 site", "3 sites": a count with its noun.
[[nodiscard]] std::string counted(std::size_t count, std::string_view noun);

}  // namespace tare::base
