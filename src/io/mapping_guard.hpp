// Keeps the process alive where a mapped file has no bytes to give any more (cut by another program, failing disk):
// the system's SIGBUS is answered by a page of zeros, and remembered.
#pragma once

#include <string_view>

namespace tare::io::detail {

/// Watches over a mapping; returns its number, or -1 where too many are watched already.
[[nodiscard]] int guard_mapping(std::string_view mapping) noexcept;
/// To be called before the mapping is undone.
void forget_mapping(int number) noexcept;
/// True where a page of it has been replaced by zeros.
[[nodiscard]] bool mapping_failed(int number) noexcept;

}  // namespace tare::io::detail
