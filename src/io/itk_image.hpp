// The one door to ITK: header and voxels of a file in a format that only ITK knows.
#pragma once

#include <string>

#include "foreign_layout.hpp"
#include "tare/io/image_file.hpp"

namespace tare::io::detail {

/// Throws Error (65) where ITK cannot read it, or its voxels hold no single number.
[[nodiscard]] ImageHeader itk_header(ForeignFormat format, const std::string& path);

/// The voxels in this machine's byte order; `header` is what itk_header said. Throws Error (65).
[[nodiscard]] std::string itk_voxels(ForeignFormat format, const std::string& path, const ImageHeader& header);

}  // namespace tare::io::detail
