// Whole images as values or labels in memory, read and verified like every image (image_file.hpp).
#pragma once

#include <string>

#include "tare/base/resources.hpp"
#include "tare/data/volume.hpp"
#include "tare/io/image_file.hpp"

namespace tare::io {

/// The scaled values of an image of one volume, or with `several` of any number of them. Throws Error as read_image; 65
/// where there are several volumes and one is wanted; 71.
[[nodiscard]] data::Volume read_volume(const std::string& path, const base::Resources& resources, bool several = false);

/// The labels of a segmentation of one volume. Throws Error as read_image; 65 where a value is no whole number that 32 bits
/// hold, with the voxel that has it; 71.
[[nodiscard]] data::Segmentation read_segmentation(const std::string& path, const base::Resources& resources);

/// Throws Error (65), naming both files and both shapes or affine maps, unless the three axes of `a` and `b` have one grid.
void check_same_space(const std::string& a, const data::Grid& grid_a, const std::string& b, const data::Grid& grid_b);

}  // namespace tare::io
