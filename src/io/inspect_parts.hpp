// One function per kind of file: all of it is read and checked, and what it holds is summed up. They throw the readers'
// Errors. Each says the checksum where its reader has computed it on the way.
#pragma once

#include <string>

#include "tare/io/file_info.hpp"

namespace tare::io::detail {

[[nodiscard]] TableInfo inspect_table(const std::string& path, const std::string& site_column,
                                      const base::Resources& resources, std::string& sha256);
[[nodiscard]] MatrixInfo inspect_matrix(const std::string& path, const base::Resources& resources, std::string& sha256);
[[nodiscard]] ImageInfo inspect_image(const std::string& path, const base::Resources& resources, std::string& sha256);
[[nodiscard]] ModelInfo inspect_model(const std::string& path, const base::Resources& resources, std::string& sha256);
[[nodiscard]] MomentsInfo inspect_moments(const std::string& path, const base::Resources& resources, std::string& sha256);
[[nodiscard]] NormalisationInfo inspect_intensity_model(const std::string& path, const base::Resources& resources,
                                                        std::string& sha256);
[[nodiscard]] NormalisationInfo inspect_factor_model(const std::string& path, const base::Resources& resources,
                                                     std::string& sha256);

[[nodiscard]] JsonInfo inspect_json(const std::string& path, const base::Resources& resources, std::string& sha256);

}  // namespace tare::io::detail
