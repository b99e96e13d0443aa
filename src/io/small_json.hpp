// Small JSON files that may be missing or somebody else's: read without complaint.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace tare::io {

/// The JSON object in a file; an empty one where there is no such file, or something else in it.
[[nodiscard]] nlohmann::ordered_json small_json(const std::string& path);

}  // namespace tare::io
