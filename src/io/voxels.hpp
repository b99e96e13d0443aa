// Numbers to the bytes of voxels. (The way back is `decode` of image_file.hpp.)
#pragma once

#include <span>
#include <string>

#include "tare/io/image_file.hpp"

namespace tare::io::detail {

/// Appends the values as `type`, rounded to nearest. Throws Error (65) that begins with `path` and says which voxel of the
/// grid, where a value is beyond the type's range, or not a number and the type is of integers.
void encode(std::string& to, VoxelType type, bool big_endian, std::span<const float> values, const data::Grid& grid,
            const std::string& path);
void encode(std::string& to, VoxelType type, bool big_endian, std::span<const double> values, const data::Grid& grid,
            const std::string& path);

}  // namespace tare::io::detail
