// Regional statistics, in double, two passes for the spread.
#include "tare/imaging/regional.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace tare::imaging {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// `sorted` is not empty.
double percentile_of(std::span<const double> sorted, double percentile) {
    const double position = static_cast<double>(sorted.size() - 1) * percentile / 100.0;
    const auto below = std::min(static_cast<std::size_t>(position), sorted.size() - 1);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    const double share = position - static_cast<double>(below);
    return share == 0.0 ? sorted[below] : sorted[below] + share * (sorted[above] - sorted[below]);
}

/// Of values that are not none.
double mean_of(std::span<const double> values) {
    // Around the first value, so that large values with small differences keep their digits.
    const double origin = values.front();
    double sum = 0.0;
    for (const double value : values) sum += value - origin;
    return origin + sum / static_cast<double>(values.size());
}

}  // namespace

std::map<std::int32_t, std::vector<Index>> voxels_by_label(const data::Segmentation& segmentation) {
    std::map<std::int32_t, std::vector<Index>> out;
    std::vector<Index>* run = nullptr;
    std::int32_t label = 0;
    for (std::size_t v = 0; v < segmentation.labels.size(); ++v) {
        const std::int32_t here = segmentation.labels[v];
        if (here == 0) continue;
        if (run == nullptr || here != label) {
            label = here;
            run = &out[here];
        }
        run->push_back(static_cast<Index>(v));
    }
    return out;
}

RegionalSummary summarise(std::vector<double> values, std::span<const double> percentiles, double trim) {
    if (values.empty()) {
        return {not_a_number, not_a_number, not_a_number,
                not_a_number, not_a_number, std::vector<double>(percentiles.size(), not_a_number)};
    }
    std::sort(values.begin(), values.end());
    const auto n = static_cast<double>(values.size());
    RegionalSummary out;
    out.minimum = values.front();
    out.maximum = values.back();
    out.mean = mean_of(values);
    double squares = 0.0;
    for (const double value : values) squares += (value - out.mean) * (value - out.mean);
    out.sd = values.size() > 1 ? std::sqrt(squares / (n - 1.0)) : not_a_number;
    const auto cut = static_cast<std::size_t>(trim * n);
    out.trimmed_mean = mean_of(std::span(values).subspan(cut, values.size() - 2 * cut));
    for (const double percentile : percentiles) out.percentiles.push_back(percentile_of(values, percentile));
    return out;
}

WeightedMean weighted_mean(std::span<const double> values, std::span<const double> weights) {
    double sum = 0.0, weight = 0.0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i])) continue;
        sum += weights[i] * values[i];
        weight += weights[i];
    }
    return {weight > 0.0 ? sum / weight : not_a_number, weight};
}

}  // namespace tare::imaging
