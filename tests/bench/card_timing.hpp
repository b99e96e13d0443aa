// How long work on a card takes, what is printed about it, arrays to work on, and the bandwidth of plain copies, which
// everything else is held against.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "cuda/device.hpp"
#include "tare/base/number_text.hpp"
#include "whole_fit.hpp"

namespace tare::bench {

namespace cuda = compute::cuda;

inline double since(std::chrono::steady_clock::time_point began) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

/// The median of `times` runs after one that warms up, in seconds. `prepare` is not timed.
inline double seconds(int times, const std::function<void()>& work, const std::function<void()>& prepare = [] {}) {
    std::vector<double> took;
    for (int i = 0; i <= times; ++i) {
        prepare();
        const auto began = std::chrono::steady_clock::now();
        work();
        if (i > 0) took.push_back(since(began));
    }
    std::sort(took.begin(), took.end());
    return took[took.size() / 2];
}

/// Four figures are more than a clock can promise.
inline std::string figure(double value) {
    if (!(value > 0.0) || !std::isfinite(value)) return base::number_text(value);
    const double unit = std::pow(10.0, std::floor(std::log10(value)) - 3.0);
    const double steps = std::round(value / unit);
    return base::number_text(unit < 1.0 ? steps / std::round(1.0 / unit) : steps * std::round(unit));
}

inline void row(const std::string& what, double took, const std::string& rate = "") {
    std::cout << what << '\t' << figure(took * 1e3) << '\t' << rate << '\n' << std::flush;
}
inline std::string gigabytes(double bytes, double took) {
    return figure(bytes / took * 1e-9) + " GB/s";
}
inline std::string pairs(Index features, double took) {
    return figure(static_cast<double>(features) * static_cast<double>(features) / took * 1e-9) + " billion pairs/s";
}

/// An array on the card.
template <typename T>
class OnCard {
public:
    OnCard(cuda::Device& device, Index count) : memory_(device.allocate(bytes(count)), cuda::Release{&device, false}) {}
    /// Filled with these numbers, over and over.
    OnCard(cuda::Device& device, Index count, std::span<const T> numbers) : OnCard(device, count) {
        const auto most = static_cast<Index>(numbers.size());
        const cuda::Memory pinned(device.allocate_pinned(bytes(most)), cuda::Release{&device, true});
        std::copy(numbers.begin(), numbers.end(), reinterpret_cast<T*>(pinned.get()));
        for (Index at = 0; at < count; at += most) {
            device.copy_in(0, memory_.get() + bytes(at), pinned.get(), bytes(std::min(most, count - at)));
        }
        device.wait(0);
    }
    explicit OnCard(cuda::Device& device, std::span<const T> numbers)
        : OnCard(device, static_cast<Index>(numbers.size()), numbers) {}

    [[nodiscard]] T* data() const { return reinterpret_cast<T*>(memory_.get()); }
    static std::size_t bytes(Index count) { return static_cast<std::size_t>(count) * sizeof(T); }

private:
    cuda::Memory memory_;
};

/// Times what is queued on a card, from an idle card to an idle card.
class Timer {
public:
    explicit Timer(cuda::Device& card) : card_(card) {}

    double seconds(const std::function<void()>& queue, const std::function<void()>& prepare = [] {}) const {
        return bench::seconds(
            7,
            [&] {
                queue();
                card_.wait(0);
            },
            [&] {
                prepare();
                card_.wait(0);
            });
    }
    double by_bytes(
        const std::string& what, double bytes, const std::function<void()>& queue,
        const std::function<void()>& prepare = [] {}) const {
        const double took = seconds(queue, prepare);
        row(what, took, gigabytes(bytes, took));
        return took;
    }

private:
    cuda::Device& card_;
};

/// Bytes a second of plain copies.
struct Bandwidth {
    double to_card, on_card;  ///< what is copied on the card is read and written: both count
};

inline Bandwidth copies(cuda::Device& card, const Shape& shape) {
    constexpr double least = 1 << 24U, most = 1 << 29U;
    const auto bytes = static_cast<std::size_t>(std::clamp(4.0 * shape.cells(), least, most));
    constexpr int together = 8;
    const cuda::Memory there(card.allocate(bytes), cuda::Release{&card, false});
    const cuda::Memory beside(card.allocate(bytes), cuda::Release{&card, false});
    const cuda::Memory pinned(card.allocate_pinned(bytes), cuda::Release{&card, true});
    std::fill_n(pinned.get(), bytes, std::byte{1});
    const double moved = static_cast<double>(bytes) * together;
    const Timer timer(card);
    const auto measured = [&](const std::string& what, double counted, const std::function<void()>& copy) {
        return counted / timer.by_bytes(what, counted, [&copy] {
            for (int i = 0; i < together; ++i) copy();
        });
    };
    Bandwidth out{};
    out.to_card = measured("copies to the card, pinned", moved, [&] { card.copy_in(0, there.get(), pinned.get(), bytes); });
    measured("copies from the card, pinned", moved, [&] { card.copy_out(0, pinned.get(), there.get(), bytes); });
    out.on_card = measured("copies on the card, read and written", 2.0 * moved,
                           [&] { card.copy_on_card(0, beside.get(), there.get(), bytes); });
    return out;
}

}  // namespace tare::bench
