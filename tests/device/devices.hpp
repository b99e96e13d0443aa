// The devices that one test body runs on: kernels run by the processor, always, and the first card, where there is one.
#pragma once

#include <cmath>
#include <cstring>
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
    static constexpr int ulps = 0;
    static std::string why_not() { return {}; }
    static std::unique_ptr<compute::Backend> backend(std::uint64_t seed = 1, std::size_t block_bytes = 40'000) {
        return std::make_unique<compute::cuda::CudaBackend>(std::make_unique<ProcessorCard>(seed), 2,
                                                            compute::CudaLimits{block_bytes, 0});
    }
};

/// A card whose memory begins as NaN, so that what nothing wrote is seen.
class PoisonedCard final : public compute::cuda::Device {
public:
    explicit PoisonedCard(std::unique_ptr<Device> card) : card_(std::move(card)) {}
    std::byte* allocate(std::size_t bytes) override {
        std::byte* const memory = card_->allocate(bytes);
        const compute::cuda::Memory poison(allocate_pinned(bytes), {card_.get(), true});
        card_->copy_in(0, memory, poison.get(), bytes);
        card_->wait(0);
        return memory;
    }
    std::byte* allocate_pinned(std::size_t bytes) override {
        std::byte* const memory = card_->allocate_pinned(bytes);
        std::memset(memory, 0xff, bytes);
        return memory;
    }
    void release(std::byte* memory) noexcept override { card_->release(memory); }
    void release_pinned(std::byte* memory) noexcept override { card_->release_pinned(memory); }
    void copy_in(int stream, std::byte* to, const std::byte* from, std::size_t bytes) override {
        card_->copy_in(stream, to, from, bytes);
    }
    void copy_out(int stream, std::byte* to, const std::byte* from, std::size_t bytes) override {
        card_->copy_out(stream, to, from, bytes);
    }
    void copy_on_card(int stream, std::byte* to, const std::byte* from, std::size_t bytes) override {
        card_->copy_on_card(stream, to, from, bytes);
    }
    void launch(int stream, const compute::cuda::Kernel& kernel, compute::Index items) override {
        card_->launch(stream, kernel, items);
    }
    void wait(int stream) override { card_->wait(stream); }

private:
    std::unique_ptr<Device> card_;
};

struct OnCard {
    static constexpr double tolerance = 1e-10;
    static constexpr int ulps = 2;
    static std::string why_not() { return compute::cuda_devices().why_none; }
    static std::unique_ptr<compute::Backend> backend(std::uint64_t = 1, std::size_t block_bytes = 40'000) {
        auto card = std::make_unique<PoisonedCard>(compute::cuda::make_card(compute::cuda_devices().devices.at(0).number));
        return std::make_unique<compute::cuda::CudaBackend>(std::move(card), 2, compute::CudaLimits{block_bytes, 0});
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

/// Cells that are more than so many units of the last place apart; a missing one must have kept its bits.
[[nodiscard]] inline base::Index cells_apart(const base::Matrix<float>& a, const base::Matrix<float>& b, int ulps) {
    base::Index apart = 0;
    for (base::Index i = 0; i < a.size(); ++i) {
        const float x = a.data()[i], y = b.data()[i];
        if (std::memcmp(&x, &y, sizeof x) == 0) continue;
        const float ulp = std::nextafter(std::abs(x), std::numeric_limits<float>::infinity()) - std::abs(x);
        if (!(std::abs(x - y) <= static_cast<float>(ulps) * ulp)) ++apart;
    }
    return apart;
}

}  // namespace tare::test
