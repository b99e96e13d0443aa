// The devices that one test body runs on: kernels run by the processor, always, and the first card, where there is one.
#pragma once

#include <cmath>
#include <limits>
#include <memory>
#include <span>

#include <catch2/catch.hpp>

#include "cuda/cuda_backend.hpp"
#include "processor_card.hpp"
#include "tare/compute/devices.hpp"

namespace tare::test {

/// Kernels compiled by the C++ compiler: bytes must be those of the processor's own backend, except where a logarithm or an
/// exponential takes part. Blocks are small, and everything goes through the card.
struct OnProcessor {
    static constexpr double tolerance = 0.0;
    static std::string why_not() { return {}; }
    static std::unique_ptr<compute::Backend> backend(std::uint64_t seed = 1, std::size_t block_bytes = 40'000) {
        return std::make_unique<compute::cuda::CudaBackend>(std::make_unique<ProcessorCard>(seed), 2,
                                                            compute::CudaLimits{block_bytes, 0});
    }
};

struct OnCard {
    static constexpr double tolerance = 1e-10;
    static std::string why_not() { return compute::cuda_devices().why_none; }
    static std::unique_ptr<compute::Backend> backend(std::uint64_t = 1, std::size_t block_bytes = 40'000) {
        return compute::make_cuda_backend(0, 2, {block_bytes, 0});
    }
};

/// True, and said, where there is no such device.
template <typename Where>
[[nodiscard]] bool skipped() {
    const std::string why = Where::why_not();
    if (!why.empty()) WARN("SKIPPED: no graphics card: " + why);
    return !why.empty();
}

/// How far the values are apart, relative to the larger of each pair; NaN agrees with NaN only.
[[nodiscard]] inline double distance(std::span<const double> a, std::span<const double> b) {
    if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
    double largest = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]))) continue;
        const double apart = std::abs(a[i] - b[i]) / std::max(std::abs(a[i]), std::abs(b[i]));
        if (!(apart <= largest)) largest = std::isnan(apart) ? std::numeric_limits<double>::infinity() : apart;
    }
    return largest;
}
[[nodiscard]] inline double distance(const base::Matrix<double>& a, const base::Matrix<double>& b) {
    return distance(std::span(a.data(), static_cast<std::size_t>(a.size())),
                    std::span(b.data(), static_cast<std::size_t>(b.size())));
}

}  // namespace tare::test
