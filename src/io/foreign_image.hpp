// Images in formats other than NIfTI and MGH: NRRD and MetaImage, read by ITK after their length has been verified.
#pragma once

#include <string>
#include <string_view>

#include "tare/base/resources.hpp"
#include "tare/io/image_file.hpp"

namespace tare::io::detail {

/// Throws Error (65) for formats that are not read.
[[nodiscard]] ImageHeader read_foreign_header(const std::string& path);

/// `bytes` are the file at `path`. Throws Error: 65, 66 where a file with the voxels is missing, 71, 74.
[[nodiscard]] Image read_foreign_image(const std::string& path, std::string bytes, const base::Resources& resources);

/// The path of the file with the voxels; empty where they follow the header, with which `bytes` begin. Throws Error (65).
[[nodiscard]] std::string foreign_data_file(std::string_view bytes, const std::string& path);

}  // namespace tare::io::detail
