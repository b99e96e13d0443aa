// The border of the program: whatever is thrown inside becomes one line on standard error and an exit code.
#pragma once

#include <functional>
#include <string>

namespace tare::cli {

/// Runs `work` and returns the exit code: 0, that of a base::Error, 71 where memory is out, 70 for any other exception.
/// Prints "PROGRAM: error: ..." and, where there is one, the line "hint: ...". Ignores SIGPIPE and SIGXFSZ from here on, so
/// that a closed pipe and a file beyond its limit are failed writes, and occupies closed standard streams.
[[nodiscard]] int guarded(const std::string& program, const std::function<void()>& work) noexcept;

}  // namespace tare::cli
