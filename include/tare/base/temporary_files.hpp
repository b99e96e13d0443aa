// The list of files that must not outlive an interrupted run: every unfinished output is registered here
// and the signal watcher of `cli` removes what is left. Thread-safe.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>

namespace tare::base {

class TemporaryFiles {
public:
    TemporaryFiles() = default;
    TemporaryFiles(const TemporaryFiles&) = delete;
    TemporaryFiles& operator=(const TemporaryFiles&) = delete;
    ~TemporaryFiles() { remove_all(); }

    void add(const std::filesystem::path& path);
    /// The file has got its final name, or is gone: it is no longer ours to remove.
    void forget(const std::filesystem::path& path);
    /// While this is held, remove_all waits: names that belong together appear without an interrupt in between.
    [[nodiscard]] std::shared_lock<std::shared_mutex> hold_off_removal() { return std::shared_lock(removal_); }
    /// Deletes every registered file; never throws.
    void remove_all() noexcept;
    /// Whether a folder takes nameless files: what `tried` says, which is asked once for each folder.
    [[nodiscard]] bool takes_nameless(const std::filesystem::path& folder, const std::function<bool()>& tried);

private:
    std::shared_mutex removal_;  ///< taken before mutex_ where both are
    std::mutex mutex_;
    std::set<std::filesystem::path> paths_;
    std::mutex trial_;
    std::map<std::filesystem::path, bool> takes_nameless_;
};

}  // namespace tare::base
