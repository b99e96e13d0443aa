// The budget a run may use: threads and bytes of memory, resolved once from options and environment.
// Threads: --threads > OMP_NUM_THREADS > SLURM_CPUS_PER_TASK > the CPUs this process may run on.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tare::base {

struct Resources {
    int threads = 1;
    /// Upper bound of the working set in bytes.
    std::uint64_t memory = UINT64_MAX;
};

/// The number of threads to use; `requested` is the value of --threads, if given (at least 1).
[[nodiscard]] int resolve_threads(std::optional<int> requested);

/// Bytes from a text such as "512M", "4G", "1.5GiB" or "1000000"; nothing where it is no size.
[[nodiscard]] std::optional<std::uint64_t> parse_byte_size(std::string_view text);

/// Bytes of memory this process can use: physical memory or the cgroup's limit, whichever is smaller.
[[nodiscard]] std::uint64_t available_memory();

/// Throws Error (71) when `needed` bytes for `what` exceed the budget.
void check_memory(const Resources& resources, std::uint64_t needed, std::string_view what);

}  // namespace tare::base
