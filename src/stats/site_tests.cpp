// Rank and variance tests between groups.
#include "tare/stats/site_tests.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "tare/stats/distributions.hpp"

namespace tare::stats {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr GroupTest cannot_tell{nan, nan, nan};

double median_of(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) return *middle;
    return 0.5 * (*middle + *std::max_element(values.begin(), middle));
}

/// Distances from the medians, as one sequence, group by group.
std::vector<double> distances(const Groups& groups) {
    std::vector<double> out;
    out.reserve(static_cast<std::size_t>(groups.size()));
    for (const std::vector<double>& values : groups.values()) {
        const double centre = median_of(values);
        for (const double value : values) out.push_back(std::abs(value - centre));
    }
    return out;
}

struct Sums {
    double between = 0.0, total = 0.0;
};

/// Sums of squares of a sequence that stands group by group.
Sums sums_of_squares(const Groups& groups, const std::vector<double>& sequence) {
    const double mean = std::accumulate(sequence.begin(), sequence.end(), 0.0) / static_cast<double>(sequence.size());
    Sums sums;
    auto at = sequence.begin();
    for (const std::vector<double>& values : groups.values()) {
        const auto end = at + static_cast<std::ptrdiff_t>(values.size());
        const double n = static_cast<double>(values.size());
        const double own = std::accumulate(at, end, 0.0) / n;
        sums.between += n * (own - mean) * (own - mean);
        for (; at != end; ++at) sums.total += (*at - mean) * (*at - mean);
    }
    return sums;
}

/// Differences that are no more than rounding of the values themselves.
bool is_negligible(double squares, const std::vector<double>& sequence, const Groups& groups) {
    double largest = 0.0;
    for (const std::vector<double>& values : groups.values()) {
        for (const double value : values) largest = std::max(largest, std::abs(value));
    }
    const double floor = 1e-14 * largest;
    return !(squares > static_cast<double>(sequence.size()) * floor * floor);
}

}  // namespace

Groups::Groups(std::span<const double> values, std::span<const Index> group, Index groups)
    : values_(static_cast<std::size_t>(groups)) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isnan(values[i])) continue;
        values_[static_cast<std::size_t>(group[i])].push_back(values[i]);
        ++size_;
    }
    std::erase_if(values_, [](const std::vector<double>& own) { return own.empty(); });
}

std::vector<double> mid_ranks(std::span<const double> values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return values[a] != values[b] ? values[a] < values[b] : a < b; });
    std::vector<double> ranks(values.size());
    for (std::size_t first = 0; first < order.size();) {
        std::size_t last = first;
        while (last + 1 < order.size() && values[order[last + 1]] == values[order[first]]) ++last;
        const double rank = 0.5 * static_cast<double>(first + last) + 1.0;
        for (std::size_t i = first; i <= last; ++i) ranks[order[i]] = rank;
        first = last + 1;
    }
    return ranks;
}

GroupTest kruskal_wallis(const Groups& groups) {
    const std::size_t k = groups.values().size();
    if (k < 2 || groups.size() < 3) return cannot_tell;
    std::vector<double> sequence;
    for (const std::vector<double>& values : groups.values()) sequence.insert(sequence.end(), values.begin(), values.end());
    // The variance of the ranks holds the correction for ties.
    const Sums sums = sums_of_squares(groups, mid_ranks(sequence));
    if (!(sums.total > 0.0)) return cannot_tell;
    const double n = static_cast<double>(groups.size());
    const double h = sums.between / (sums.total / (n - 1.0));
    return {h, upper_tail_of_chi_squared(h, static_cast<double>(k - 1)), h / (n - 1.0)};
}

GroupTest brown_forsythe(const Groups& groups) {
    const std::size_t k = groups.values().size();
    if (k < 2 || groups.size() <= static_cast<Index>(k)) return cannot_tell;
    const std::vector<double> sequence = distances(groups);
    const Sums sums = sums_of_squares(groups, sequence);
    const double within = sums.total - sums.between;
    if (is_negligible(within, sequence, groups)) return cannot_tell;
    const double d1 = static_cast<double>(k - 1), d2 = static_cast<double>(groups.size()) - static_cast<double>(k);
    const double f = (sums.between / d1) / (within / d2);
    return {f, upper_tail_of_f(f, d1, d2), sums.between / sums.total};
}

GroupTest fligner_killeen(const Groups& groups) {
    const std::size_t k = groups.values().size();
    if (k < 2 || groups.size() < 3) return cannot_tell;
    const std::vector<double> sequence = distances(groups);
    if (is_negligible(sums_of_squares(groups, sequence).total, sequence, groups)) return cannot_tell;
    const double n = static_cast<double>(groups.size());
    std::vector<double> scores = mid_ranks(sequence);
    double last_rank = nan, last_score = nan;
    for (double& score : scores) {
        if (score != last_rank) {
            last_rank = score;
            last_score = quantile_of_normal(0.5 * (1.0 + score / (n + 1.0)));
        }
        score = last_score;
    }
    const Sums sums = sums_of_squares(groups, scores);
    if (!(sums.total > 0.0)) return cannot_tell;
    const double x = sums.between / (sums.total / (n - 1.0));
    return {x, upper_tail_of_chi_squared(x, static_cast<double>(k - 1)), x / (n - 1.0)};
}

std::vector<double> false_discovery_rates(std::span<const double> p) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < p.size(); ++i) {
        if (!std::isnan(p[i])) order.push_back(i);
    }
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] != p[b] ? p[a] < p[b] : a < b; });
    std::vector<double> q(p.size(), nan);
    const double count = static_cast<double>(order.size());
    double least = 1.0;
    for (std::size_t i = order.size(); i-- > 0;) {
        least = std::min(least, p[order[i]] * count / static_cast<double>(i + 1));
        q[order[i]] = least;
    }
    return q;
}

}  // namespace tare::stats
