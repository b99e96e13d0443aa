// Quantiles of sorted values, and counting in equal bins.
#include "tare/stats/value_histograms.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tare::stats {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr int steps = 200;

/// The values' type 7 quantile; they are sorted.
double quantile_of_sorted(std::span<const double> sorted, double share) {
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const double weight = place - std::floor(place);
    return weight > 0.0 ? sorted[below] + weight * (sorted[below + 1] - sorted[below]) : sorted[below];
}

}  // namespace

double ValueFigures::quantile(double share) const {
    return quantiles[static_cast<std::size_t>(std::lround(share / quantile_step))];
}

ValueFigures value_figures(std::vector<double> values) {
    ValueFigures out{nan, nan, std::vector<double>(steps + 1, nan)};
    if (values.empty()) return out;
    std::sort(values.begin(), values.end());
    const auto n = static_cast<double>(values.size());
    double sum = 0.0, squares = 0.0;
    for (const double value : values) sum += value;
    out.mean = sum / n;
    for (const double value : values) squares += (value - out.mean) * (value - out.mean);
    if (values.size() > 1) out.sd = std::sqrt(squares / (n - 1.0));
    for (int i = 0; i <= steps; ++i)
        out.quantiles[static_cast<std::size_t>(i)] = quantile_of_sorted(values, static_cast<double>(i) / steps);
    return out;
}

std::vector<double> common_edges(std::span<const ValueFigures> sets, Index bins) {
    std::vector<double> all;
    for (const ValueFigures& set : sets) {
        for (const double value : set.quantiles) {
            if (std::isfinite(value)) all.push_back(value);
        }
    }
    if (all.empty()) return {};
    std::sort(all.begin(), all.end());
    double low = quantile_of_sorted(all, 0.005), high = quantile_of_sorted(all, 0.995);
    const double least = std::max(1e-6 * std::max(std::abs(low), std::abs(high)), std::numeric_limits<double>::min());
    if (!(high - low >= least)) {
        const double half = low == 0.0 && high == 0.0 ? 0.5 : least;
        low -= half;
        high += half;
    }
    std::vector<double> edges;
    for (Index i = 0; i <= bins; ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(bins);
        edges.push_back(i == bins ? high : low + share * (high - low));
    }
    return edges;
}

void count_values(std::span<const double> values, std::span<const double> edges, std::span<Index> counts) {
    const std::size_t bins = edges.size() - 1;
    const double low = edges.front(), high = edges.back(), scale = static_cast<double>(bins) / (high - low);
    for (const double value : values) {
        if (value < low) {
            ++counts[0];
        } else if (value > high) {
            ++counts[bins + 1];
        } else {
            ++counts[1 + std::min(bins - 1, static_cast<std::size_t>((value - low) * scale))];
        }
    }
}

double overlap_of(std::span<const double> a, std::span<const double> b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += std::min(a[i], b[i]);
    return sum;
}

}  // namespace tare::stats
