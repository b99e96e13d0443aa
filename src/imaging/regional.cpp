// Regional statistics, in double.
#include "tare/imaging/regional.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tare/imaging/sorted_values.hpp"

namespace tare::imaging {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

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
    const Moments moments = sorted_moments(values);
    out.mean = moments.mean;
    out.sd = values.size() > 1 ? std::sqrt(moments.squares / (n - 1.0)) : not_a_number;
    const auto cut = static_cast<std::size_t>(trim * n);
    out.trimmed_mean = sorted_mean(std::span(values).subspan(cut, values.size() - 2 * cut));
    for (const double percentile : percentiles) out.percentiles.push_back(sorted_quantile(values, percentile / 100.0));
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
