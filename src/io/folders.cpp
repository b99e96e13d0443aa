// Folders are registered as unfinished: what removes unfinished files at the end removes a folder only if it is empty.
#include "tare/io/folders.hpp"

#include <system_error>

#include "tare/base/error.hpp"

namespace tare::io {

void CreatedFolders::create_for(const std::string& path) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    if (!folder.empty()) create(folder, path);
}

void CreatedFolders::create(const std::filesystem::path& folder, const std::string& path) {
    std::error_code error;
    if (std::filesystem::is_directory(folder, error)) return;
    if (folder.has_relative_path() && folder.has_parent_path() && folder.parent_path() != folder) {
        create(folder.parent_path(), path);
    }
    unfinished_.add(folder);
    if (std::filesystem::create_directory(folder, error)) {
        created_.push_back(folder);
        return;
    }
    unfinished_.forget(folder);
    // Another job of the same array may have been faster; and 'a/b/..' exists once 'a/b' does.
    std::error_code ignored;
    if (std::filesystem::is_directory(folder, ignored)) return;
    if (!error || error == std::errc::file_exists) error = std::make_error_code(std::errc::not_a_directory);
    throw base::Error(base::ExitCode::cannot_create,
                      path + ": folder '" + folder.string() + "' cannot be created: " + error.message());
}

void CreatedFolders::keep() {
    for (const std::filesystem::path& folder : created_) unfinished_.forget(folder);
    created_.clear();
}

}  // namespace tare::io
