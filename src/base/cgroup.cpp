// Reads /proc/self/cgroup for the process's group and the limits below /sys/fs/cgroup. A container may see
// a path that its own mount does not hold, hence every level up to the root of the mount is tried.
#include "cgroup.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "tare/base/text.hpp"

namespace tare::base::detail {

namespace {

namespace fs = std::filesystem;

std::optional<std::uint64_t> read_limit(const fs::path& file) {
    std::ifstream stream(file);
    std::string line;
    if (!std::getline(stream, line)) {
        return std::nullopt;
    }
    const std::string_view text = trimmed(line);
    std::uint64_t bytes = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
    if (error != std::errc{} || stop != text.data() + text.size() || bytes == 0) {
        return std::nullopt;  // "max", or no number
    }
    return bytes;
}

std::optional<std::uint64_t> smaller(std::optional<std::uint64_t> a, std::optional<std::uint64_t> b) {
    if (!a || !b) {
        return a ? a : b;
    }
    return std::min(*a, *b);
}

/// The smallest limit in `mount / group / file` and in every folder from there up to `mount`.
std::optional<std::uint64_t> limit_upwards(const fs::path& mount, fs::path group, std::string_view file) {
    std::optional<std::uint64_t> limit = read_limit(mount / file);
    for (group = group.relative_path(); !group.empty(); group = group.parent_path()) {
        limit = smaller(limit, read_limit(mount / group / file));
    }
    return limit;
}

bool lists_memory(std::string_view controllers) {
    for (const auto& controller : split_list(controllers)) {
        if (controller == "memory") {
            return true;
        }
    }
    return false;
}

}  // namespace

std::optional<std::uint64_t> cgroup_memory_limit(const fs::path& root) {
    const fs::path mount = root / "sys/fs/cgroup";
    std::optional<std::uint64_t> limit;
    std::ifstream groups(root / "proc/self/cgroup");
    // A line is "0::/group" in version 2 and "NUMBER:CONTROLLERS:/group" in version 1.
    for (std::string line; std::getline(groups, line);) {
        const std::size_t first = line.find(':');
        const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
        if (second == std::string::npos) {
            continue;
        }
        const std::string_view controllers = std::string_view(line).substr(first + 1, second - first - 1);
        const std::string group = line.substr(second + 1);
        if (controllers.empty()) {
            limit = smaller(limit, limit_upwards(mount, group, "memory.max"));
        } else if (lists_memory(controllers)) {
            limit = smaller(limit, limit_upwards(mount / "memory", group, "memory.limit_in_bytes"));
        }
    }
    return limit;
}

}  // namespace tare::base::detail
