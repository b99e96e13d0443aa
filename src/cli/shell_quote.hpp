// A text as one word of a POSIX shell's command line.
#pragma once

#include <string>
#include <string_view>

namespace tare::cli {

/// The word as it is where a shell reads it unchanged, else in quotes. Control characters and bytes that are no UTF-8
/// are written as in $'a\nb', so that the result is always one line of valid UTF-8.
[[nodiscard]] std::string shell_quoted(std::string_view word);

}  // namespace tare::cli
