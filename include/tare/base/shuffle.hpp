// Shuffling with the seeded stream: the same order on every platform, which std::shuffle does not promise.
#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include "tare/base/rng.hpp"

namespace tare::base {

/// Puts the items into an order that is uniform over all orders (Fisher–Yates).
template <typename T>
void shuffle(std::span<T> items, Rng& rng) {
    for (std::size_t i = items.size(); i > 1; --i) {
        using std::swap;
        swap(items[i - 1], items[static_cast<std::size_t>(rng.below(i))]);
    }
}

}  // namespace tare::base
