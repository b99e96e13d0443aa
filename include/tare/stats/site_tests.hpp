// Do groups (sites) differ in one quantity? Tests of means, of spreads and of whole distributions, each with a statistic,
// its p and an effect size; and p that control false discoveries over many of them.
#pragma once

#include <span>
#include <vector>

#include "tare/base/matrix.hpp"

namespace tare::stats {

using base::Index;

/// Not a number where it cannot be told: fewer than two groups, or nothing that varies.
struct GroupTest {
    double statistic, p;
    double effect;  ///< between 0 and 1
};

/// Values of several groups, side by side. Groups without values take no part.
class Groups {
public:
    /// `group` is a number from 0 per value; missing (NaN) values are left out.
    Groups(std::span<const double> values, std::span<const Index> group, Index groups);

    [[nodiscard]] const std::vector<std::vector<double>>& values() const noexcept { return values_; }
    [[nodiscard]] Index size() const noexcept { return size_; }

private:
    std::vector<std::vector<double>> values_;
    Index size_ = 0;
};

/// Mid-ranks, from 1.
[[nodiscard]] std::vector<double> mid_ranks(std::span<const double> values);

/// Kruskal and Wallis (1952) with the correction for ties: H, and ε² = H/(n − 1).
[[nodiscard]] GroupTest kruskal_wallis(const Groups& groups);

/// Brown and Forsythe (1974): analysis of variance of distances from the groups' medians: F and η².
[[nodiscard]] GroupTest brown_forsythe(const Groups& groups);

/// Fligner and Killeen (1976) with medians, as R's fligner.test: χ², and χ²/(n − 1).
[[nodiscard]] GroupTest fligner_killeen(const Groups& groups);

/// The p that control false discoveries (Benjamini, Hochberg 1995), as R's p.adjust; NaN stay NaN and do not count.
[[nodiscard]] std::vector<double> false_discovery_rates(std::span<const double> p);

}  // namespace tare::stats
