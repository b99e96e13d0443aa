// The list of files that must not outlive an interrupted run: every unfinished output is registered here
// and the signal watcher of `cli` removes what is left. Thread-safe.
#pragma once

#include <filesystem>
#include <mutex>
#include <set>

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
    /// Deletes every registered file; never throws.
    void remove_all() noexcept;

private:
    std::mutex mutex_;
    std::set<std::filesystem::path> paths_;
};

}  // namespace tare::base
