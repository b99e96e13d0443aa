// Bytes from files and standard input, and gzip in memory (libdeflate), verified: every gzip member's CRC and
// length is checked, and bytes after the last member are an error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tare/base/resources.hpp"

namespace tare::io {

/// All bytes of a file ("-" is standard input). Throws Error: 66 if it is not there or is a folder, 74 on failure,
/// 71 beyond the memory budget.
[[nodiscard]] std::string read_bytes(const std::string& path, const base::Resources& resources);

/// True where the bytes begin like a gzip stream.
[[nodiscard]] bool looks_gzipped(std::string_view bytes) noexcept;

/// Deflate cannot expand further than this.
inline constexpr std::uint64_t largest_gzip_ratio = 1032;

/// Decompresses all members of a gzip stream; `source` is the name for messages.
/// Throws Error: 65 when cut, corrupt or followed by other bytes; 71 beyond the memory budget.
[[nodiscard]] std::string gunzip(std::string_view compressed, const std::string& source, const base::Resources& resources);

/// Decompresses the first of several members into exactly `size` bytes, and moves `rest` on past it.
/// Throws Error (65) when cut, corrupt or of another size.
[[nodiscard]] std::string gunzip_member(std::string_view& rest, std::size_t size, const std::string& source);

/// One gzip member holding `bytes`, without name or time, so that equal bytes compress to equal bytes.
[[nodiscard]] std::string gzip(std::string_view bytes, int level = 6);

}  // namespace tare::io
