// Text that came from a file or a command line, made fit to be shown on one line of a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tare::cli {

/// The length in bytes of the printable UTF-8 character at the start of `text`; 0 for a control character, for a line
/// or paragraph separator, for a byte that starts no character, and for an empty text.
[[nodiscard]] std::size_t printable_length(std::string_view text) noexcept;

/// "\n", "\t", "\r" or "\x1b": a byte in the notation of C.
[[nodiscard]] std::string escaped_byte(char byte);

/// The text with everything that is not printable escaped, so that no message breaks its line or steers the terminal.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace tare::cli
