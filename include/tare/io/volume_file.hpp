// Whole images as values or labels in memory, read and verified like every image (image_file.hpp).
#pragma once

#include <string>

#include "tare/base/resources.hpp"
#include "tare/data/volume.hpp"
#include "tare/io/image_file.hpp"

namespace tare::io {

/// The scaled values of volume number `which` of an image, from 0; `only_volume`: of an image that must have no other.
/// Throws Error (65) where it has; 71.
inline constexpr Index only_volume = -1;
[[nodiscard]] data::Volume volume_of(const Image& image, const base::Resources& resources, Index which = only_volume);

/// The labels of a segmentation of one volume. Throws Error: 65 where there are several, or a value is no whole number that
/// 32 bits hold, with the voxel that has it; 71.
[[nodiscard]] data::Segmentation segmentation_of(const Image& image, const base::Resources& resources);

/// How many volumes lie one after another in an image.
[[nodiscard]] Index volumes_of(const data::Grid& grid) noexcept;

/// The same of a file. Throws Error as read_image, and as above.
[[nodiscard]] data::Volume read_volume(const std::string& path, const base::Resources& resources);
[[nodiscard]] data::Segmentation read_segmentation(const std::string& path, const base::Resources& resources);

}  // namespace tare::io
