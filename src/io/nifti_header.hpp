// NIfTI-1 and NIfTI-2 headers of single files (.nii): from bytes, checked field by field, and to bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tare/io/image_file.hpp"

namespace tare::io::detail {

/// Enough of a file for nifti_data_begin.
inline constexpr std::size_t longest_nifti_start = 540;

/// True where the first bytes say NIfTI (or ANALYZE) in either byte order.
[[nodiscard]] bool looks_like_nifti(std::string_view start) noexcept;

/// Where the voxels begin. `start` is the beginning of the file, at least `longest_nifti_start` bytes unless the file is
/// shorter. Throws Error (65).
[[nodiscard]] std::uint64_t nifti_data_begin(std::string_view start, const std::string& source);

/// The header from all bytes before the voxels. Throws Error (65) for every field that contradicts the standard or another.
[[nodiscard]] ImageHeader parse_nifti(std::string_view head, const std::string& source);

/// The bytes before the voxels of a little-endian file like `like`, with this type and the grid of `like`.
[[nodiscard]] std::string nifti_bytes(const ImageHeader& like, VoxelType type);

/// A header of its own for a grid.
[[nodiscard]] ImageHeader fresh_nifti(const data::Grid& grid, std::string_view description);

}  // namespace tare::io::detail
