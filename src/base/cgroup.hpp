// The memory limit that a container or a batch system puts on this process through Linux control groups.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace tare::base::detail {

/// The smallest limit in bytes (cgroup v2 and v1, the process's own group and every group above it) that can be
/// read below `root`, normally "/"; nothing where there is none. Never throws for files that cannot be read.
[[nodiscard]] std::optional<std::uint64_t> cgroup_memory_limit(const std::filesystem::path& root);

}  // namespace tare::base::detail
