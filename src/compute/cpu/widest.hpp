// Runs a piece of arithmetic with the widest vectors that the processor has. The values are the same: wider vectors do the
// same operations on more features at a time, and nothing is contracted or reordered.
#pragma once

namespace tare::compute {

#if defined(__x86_64__)
/// `work` and all that it calls must be inlined here to be compiled for AVX2.
template <typename Work>
[[gnu::target("avx2"), gnu::noinline]] void with_avx2(const Work& work) {
    work();
}
#endif

template <typename Work>
void widest(const Work& work) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        with_avx2(work);
        return;
    }
#endif
    work();
}

}  // namespace tare::compute
