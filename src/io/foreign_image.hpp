// Images in formats other than NIfTI and MGH: NRRD and MetaImage, read by ITK after their length has been verified.
#pragma once

#include <string>

#include "tare/base/resources.hpp"
#include "tare/io/image_file.hpp"

namespace tare::io::detail {

/// Throws Error (65) for formats that are not read.
[[nodiscard]] ImageHeader read_foreign_header(const std::string& path);

/// `bytes` are the file at `path`. Throws Error: 65, 66 where a file with the voxels is missing, 71, 74.
[[nodiscard]] Image read_foreign_image(const std::string& path, std::string bytes, const base::Resources& resources);

}  // namespace tare::io::detail
