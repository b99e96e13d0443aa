// The files on disk whose names a pattern such as 'fs/{participant_id}/mri/aseg.mgz' fits.
#pragma once

#include <string>
#include <vector>

#include "tare/data/name_pattern.hpp"

namespace tare::io {

struct FoundFiles {
    std::vector<std::string> paths;               ///< sorted by their cells
    std::vector<std::vector<std::string>> cells;  ///< for each path: the texts of the pattern's columns
    std::vector<std::string> incomplete;          ///< paths that fit up to a folder in which the rest is not there
};

/// Looks folder by folder, only where the pattern leads. Hidden files and folders are left out unless the pattern names the
/// dot. Throws Error (74) for a folder that cannot be read.
[[nodiscard]] FoundFiles find_files(const data::NamePattern& pattern);

}  // namespace tare::io
