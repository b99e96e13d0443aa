// Folders for outputs that are made on demand, and that a failed run takes away again.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tare/base/temporary_files.hpp"

namespace tare::io {

/// The folders that a run has created. Those in which nothing lies when the run fails, or is interrupted, are removed.
class CreatedFolders {
public:
    explicit CreatedFolders(base::TemporaryFiles& unfinished) : unfinished_(unfinished) {}

    /// Creates the folder of the output called `path`, parents too, where it does not exist. Throws Error (73) naming the
    /// path where that is not possible.
    void create_for(const std::string& path);
    /// The run has succeeded: they stay whatever happens.
    void keep();

private:
    void create(const std::filesystem::path& folder, const std::string& path);

    base::TemporaryFiles& unfinished_;
    std::vector<std::filesystem::path> created_;
};

}  // namespace tare::io
