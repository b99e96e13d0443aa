// A loop over independent pieces of work on several threads. If some fail, the failure of the first piece counts, as if
// they had been done one after another. Whoever includes this links OpenMP.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <limits>
#include <vector>

namespace tare::base {

/// Calls work(0 … count − 1). Pieces after one that failed may be left out. Throws what the first failing piece threw.
template <typename Work>
void for_each_in_parallel(std::size_t count, int threads, const Work& work) {
    std::vector<std::exception_ptr> failures(count);
    std::atomic<std::size_t> first_failed = std::numeric_limits<std::size_t>::max();
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1) if (count > 1 && threads > 1)
    for (std::size_t i = 0; i < count; ++i) {
        if (i > first_failed) continue;
        try {
            work(i);
        } catch (...) {
            failures[i] = std::current_exception();
            std::size_t known = first_failed;
            while (i < known && !first_failed.compare_exchange_weak(known, i)) {
            }
        }
    }
    for (const std::exception_ptr& failure : failures) {
        if (failure) std::rethrow_exception(failure);
    }
}

}  // namespace tare::base
