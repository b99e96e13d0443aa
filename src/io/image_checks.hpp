// What the headers of all image formats have in common: sensible extents, a finite affine map, a length to the byte.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tare/base/error.hpp"
#include "tare/io/image_file.hpp"

namespace tare::io::detail {

/// Three extents, or four where there are several volumes. Throws Error (65) where an extent is not positive, there are
/// more than one beyond the fourth, or the values would take more bytes than any file can have.
[[nodiscard]] std::vector<Index> checked_shape(std::span<const std::int64_t> extents, VoxelType type,
                                               const std::string& source);

/// Throws Error (65) where an element is not finite. `where` says what the map comes from: "sform".
void check_affine(const std::array<double, 12>& affine, const std::string& where, const std::string& source);

/// Bytes that the voxels take.
[[nodiscard]] std::size_t stored_size(const ImageHeader& header) noexcept;

/// Throws Error (65) where `bytes` of voxels are not what the header asks for. `exactly` false: more may follow.
void check_stored_size(const ImageHeader& header, std::uint64_t bytes, bool exactly, const std::string& source);

/// The error of a file that ends within its header, which takes `needed` bytes.
[[nodiscard]] base::Error cut_within_header(std::uint64_t has, std::uint64_t needed, const std::string& source);

}  // namespace tare::io::detail
