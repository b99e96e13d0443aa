// Quantiles and moments of ascending values.
#include "sorted_values.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tare::imaging::detail {

double sorted_quantile(std::span<const double> ascending, double share) noexcept {
    const double place = share * static_cast<double>(ascending.size() - 1);
    const auto below =
        static_cast<std::size_t>(std::clamp(std::floor(place), 0.0, static_cast<double>(ascending.size() - 1)));
    const std::size_t above = std::min(below + 1, ascending.size() - 1);
    return ascending[below] + (place - static_cast<double>(below)) * (ascending[above] - ascending[below]);
}

Moments sorted_moments(std::span<const double> ascending) noexcept {
    const auto n = static_cast<double>(ascending.size());
    // From any value in between, so that a large common offset costs no digits.
    const double origin = ascending[ascending.size() / 2];
    double sum = 0.0;
    for (const double x : ascending) sum += x - origin;
    const double shift = sum / n;
    double second = 0.0, fourth = 0.0;
    for (const double x : ascending) {
        const double square = (x - origin - shift) * (x - origin - shift);
        second += square;
        fourth += square * square;
    }
    Moments out{origin + shift, std::sqrt(second / n), std::numeric_limits<double>::quiet_NaN()};
    if (ascending.front() == ascending.back()) return {ascending.front(), 0.0, out.excess_kurtosis};
    out.excess_kurtosis = n * fourth / (second * second) - 3.0;
    return out;
}

double sorted_mad(std::span<const double> ascending) {
    constexpr double third_quartile_of_normal = 0.6744897501960817;
    const double median = sorted_quantile(ascending, 0.5);
    std::vector<double> deviations(ascending.begin(), ascending.end());
    for (double& x : deviations) x = std::abs(x - median);
    std::sort(deviations.begin(), deviations.end());
    return sorted_quantile(deviations, 0.5) / third_quartile_of_normal;
}

}  // namespace tare::imaging::detail
