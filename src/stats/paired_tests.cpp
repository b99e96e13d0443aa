// The exact distribution of the rank sum counts subsets of 1 … n by their sum; all else is counting.
#include "tare/stats/paired_tests.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <vector>

namespace tare::stats {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t most_exact = 25;

struct Ranked {
    double rank_sum = 0.0;   ///< of the positive differences
    double tie_cubes = 0.0;  ///< Σ(t³ − t)
};

/// `differences` sorted by their absolute value.
Ranked ranked(std::span<const double> differences) {
    Ranked out;
    for (std::size_t first = 0, end = 0; first < differences.size(); first = end) {
        double positive = 0.0;
        for (; end < differences.size() && std::abs(differences[end]) == std::abs(differences[first]); ++end) {
            positive += differences[end] > 0.0 ? 1.0 : 0.0;
        }
        const auto tied = static_cast<double>(end - first);
        out.rank_sum += positive * 0.5 * static_cast<double>(first + end + 1);
        out.tie_cubes += tied * tied * tied - tied;
    }
    return out;
}

/// P(W₊ ≤ sum) where every sign is as likely; counts stay below 2^53.
double exact_at_most(std::size_t n, double sum) {
    const std::size_t all = n * (n + 1) / 2;
    std::vector<double> subsets(all + 1, 0.0);
    subsets[0] = 1.0;
    for (std::size_t rank = 1; rank <= n; ++rank) {
        for (std::size_t s = all; s >= rank; --s) subsets[s] += subsets[s - rank];
    }
    double count = 0.0;
    for (std::size_t s = 0; s <= all && static_cast<double>(s) <= sum; ++s) count += subsets[s];
    return count / std::exp2(static_cast<double>(n));
}

double normal_p(double n, const Ranked& ranks, Alternative alternative) {
    const double sign = alternative == Alternative::greater ? 1.0 : -1.0;
    const double variance = n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - ranks.tie_cubes / 48.0;
    const double z = (sign * (ranks.rank_sum - n * (n + 1.0) / 4.0) - 0.5) / std::sqrt(variance);
    return 0.5 * std::erfc(z / std::numbers::sqrt2);
}

bool reaches(double permuted, double observed) {
    return !(permuted < observed - 1e-12 * std::abs(observed));
}

}  // namespace

SignedRank signed_rank_test(std::span<const double> first, std::span<const double> second, Alternative alternative) {
    if (first.size() != second.size()) throw std::logic_error("paired values are as many on both sides");
    std::vector<double> differences;
    for (std::size_t i = 0; i < first.size(); ++i) {
        const double difference = first[i] - second[i];
        if (std::isnan(difference)) return {.rank_sum = nan, .p = nan};
        if (difference != 0.0) differences.push_back(difference);
    }
    std::sort(differences.begin(), differences.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
    const Ranked ranks = ranked(differences);
    SignedRank out{.differences = static_cast<Index>(differences.size()), .rank_sum = ranks.rank_sum};
    if (differences.empty()) return out;
    out.exact = differences.size() == first.size() && differences.size() <= most_exact && ranks.tie_cubes == 0.0;
    const auto n = static_cast<double>(differences.size());
    if (out.exact) {
        // The distribution is symmetric about n(n+1)/4.
        const double sum = alternative == Alternative::less ? ranks.rank_sum : n * (n + 1.0) / 2.0 - ranks.rank_sum;
        out.p = exact_at_most(differences.size(), sum);
    } else {
        out.p = normal_p(n, ranks, alternative);
    }
    return out;
}

double permutation_p(double observed, std::span<const double> permuted) {
    if (std::isnan(observed)) return nan;
    const auto reached = std::count_if(permuted.begin(), permuted.end(), [&](double t) { return reaches(t, observed); });
    return (1.0 + static_cast<double>(reached)) / (1.0 + static_cast<double>(permuted.size()));
}

SequentialPermutations::SequentialPermutations(double observed, Index most, Index enough)
    : observed_(observed), most_(most), enough_(enough) {
    if (most < 1 || enough < 1) throw std::logic_error("permutations that can end take at least one");
}

void SequentialPermutations::add(double permuted) {
    if (ended()) return;
    ++done_;
    reached_ += reaches(permuted, observed_) ? 1 : 0;
}

double SequentialPermutations::p() const noexcept {
    if (std::isnan(observed_)) return nan;
    if (reached_ >= enough_) return static_cast<double>(reached_) / static_cast<double>(done_);
    return (1.0 + static_cast<double>(reached_)) / (1.0 + static_cast<double>(done_));
}

}  // namespace tare::stats
