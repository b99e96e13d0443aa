// A loop over independent pieces of work on several threads. If some fail, the failure of the first piece counts, as if
// they had been done one after another.
#pragma once

#include <cstddef>
#include <exception>
#include <vector>

namespace tare::io::detail {

template <typename Work>
void for_each_in_parallel(std::size_t count, int threads, const Work& work) {
    std::vector<std::exception_ptr> failures(count);
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1) if (count > 1 && threads > 1)
    for (std::size_t i = 0; i < count; ++i) {
        try {
            work(i);
        } catch (...) {
            failures[i] = std::current_exception();
        }
    }
    for (const std::exception_ptr& failure : failures) {
        if (failure) std::rethrow_exception(failure);
    }
}

}  // namespace tare::io::detail
