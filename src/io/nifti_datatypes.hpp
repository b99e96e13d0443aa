// The codes by which NIfTI names the types of voxels.
#pragma once

#include <cstdint>
#include <string>

#include "tare/io/image_file.hpp"

namespace tare::io::detail {

/// Throws Error (65) for a code that is unknown, or names a type that holds no single number; the message says which.
[[nodiscard]] VoxelType nifti_voxel_type(std::int64_t code, const std::string& source);
[[nodiscard]] std::int64_t nifti_code(VoxelType type) noexcept;

}  // namespace tare::io::detail
