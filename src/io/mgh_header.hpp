// MGH headers (.mgh, .mgz), as FreeSurfer writes them: 284 bytes, always big-endian.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tare/io/image_file.hpp"

namespace tare::io::detail {

inline constexpr std::size_t mgh_header_size = 284;

/// True where the first bytes say MGH.
[[nodiscard]] bool looks_like_mgh(std::string_view start) noexcept;

/// The header from the first 284 bytes of a file. Throws Error (65).
[[nodiscard]] ImageHeader parse_mgh(std::string_view start, const std::string& source);

/// The bytes before the voxels of a file like `like`, whatever its format, with this type and the grid of `like`. Throws
/// Error (65) that begins with `path` where MGH has no such type, or cannot hold the geometry.
[[nodiscard]] std::string mgh_bytes(const ImageHeader& like, VoxelType type, const std::string& path);

}  // namespace tare::io::detail
