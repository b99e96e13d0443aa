// Medians by selection; sums run in the order of the values, so the result does not depend on how they are sorted out.
#include "biweight.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace tare::stats {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double tuning = 9.0 / 0.67448975019608171;  // the upper quartile of the standard normal distribution
constexpr double rounding = 1e-13;

/// `values` must be finite and are reordered.
double median_of(std::vector<double>& values) {
    if (values.empty()) return nan;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) return *middle;
    return 0.5 * (*std::max_element(values.begin(), middle) + *middle);
}

bool all_finite(std::span<const double> values) {
    return std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

/// The median distance from the centre; 0 where it is rounding beside the largest value.
double median_distance(std::span<const double> values, double centre) {
    double largest = std::abs(centre);
    std::vector<double> distance;
    distance.reserve(values.size());
    for (const double x : values) {
        largest = std::max(largest, std::abs(x));
        distance.push_back(std::abs(x - centre));
    }
    const double mad = median_of(distance);
    return mad <= rounding * largest ? 0.0 : mad;
}

}  // namespace

double median(std::span<const double> values) {
    if (!all_finite(values)) return nan;
    std::vector<double> copy(values.begin(), values.end());
    return median_of(copy);
}

double mean_square(std::span<const double> values, double centre) {
    double sum = 0.0;
    for (const double x : values) sum += (x - centre) * (x - centre);
    return sum / static_cast<double>(values.size());
}

double biweight_midvariance(std::span<const double> values, double centre) {
    if (values.empty() || !std::isfinite(centre) || !all_finite(values)) return nan;
    const double mad = median_distance(values, centre);
    if (mad == 0.0) return mean_square(values, centre);
    // Half of the values have |u| ≤ 1/c and add 0.97 each to `below`, none takes more than 0.8 away: it stays positive.
    double above = 0.0, below = 0.0;
    for (const double x : values) {
        const double u = (x - centre) / (tuning * mad);
        if (std::abs(u) >= 1.0) continue;
        const double kept = 1.0 - u * u;
        above += u * u * (kept * kept) * (kept * kept);
        below += kept * (1.0 - 5.0 * u * u);
    }
    const double unit = tuning * mad / below;
    return static_cast<double>(values.size()) * above * unit * unit;
}

double biweight_midvariance(std::span<const double> values) {
    return biweight_midvariance(values, median(values));
}

bool half_tied(std::span<const double> values) {
    return !values.empty() && all_finite(values) && median_distance(values, median(values)) == 0.0;
}

}  // namespace tare::stats
