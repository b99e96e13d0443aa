// The three standard streams as file descriptors: complete writes, and no surprises where one of them is closed.
#pragma once

#include <string_view>

namespace tare::cli {

/// Occupies descriptors 0, 1 and 2 where the parent closed them, in a way that reading or writing them fails: else the
/// first file that is opened would become standard output.
void occupy_closed_streams() noexcept;

/// Writes everything, however many calls that takes. Returns 0 or the errno of the failure.
[[nodiscard]] int write_all(int descriptor, std::string_view bytes) noexcept;

/// Writes everything to standard output. Throws Error (74) where that fails.
void write_standard_output(std::string_view text);

}  // namespace tare::cli
