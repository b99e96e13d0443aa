// The register of unfinished outputs. Removal goes backwards through the sorted paths, so that what lies in
// a registered folder goes before the folder.
#include "tare/base/temporary_files.hpp"

#include <system_error>

namespace tare::base {

void TemporaryFiles::add(const std::filesystem::path& path) {
    const std::scoped_lock lock(mutex_);
    paths_.insert(path);
}

void TemporaryFiles::forget(const std::filesystem::path& path) {
    const std::scoped_lock lock(mutex_);
    paths_.erase(path);
}

void TemporaryFiles::remove_all() noexcept {
    const std::scoped_lock no_naming(removal_);
    const std::scoped_lock lock(mutex_);
    for (auto path = paths_.rbegin(); path != paths_.rend(); ++path) {
        std::error_code ignored;
        std::filesystem::remove(*path, ignored);
    }
    paths_.clear();
}

bool TemporaryFiles::takes_nameless(const std::filesystem::path& folder, const std::function<bool()>& tried) {
    const std::scoped_lock lock(trial_);
    auto found = takes_nameless_.find(folder);
    if (found == takes_nameless_.end()) found = takes_nameless_.emplace(folder, tried()).first;
    return found->second;
}

}  // namespace tare::base
