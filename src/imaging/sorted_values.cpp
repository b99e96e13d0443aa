// Quantiles and moments of ascending values.
#include "tare/imaging/sorted_values.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tare::imaging {

namespace {

/// The mean less `origin`.
double mean_from(double origin, std::span<const double> values) noexcept {
    double sum = 0.0;
    for (const double x : values) sum += x - origin;
    return sum / static_cast<double>(values.size());
}

}  // namespace

double sorted_quantile(std::span<const double> ascending, double share) noexcept {
    const double place = share * static_cast<double>(ascending.size() - 1);
    const auto below =
        static_cast<std::size_t>(std::clamp(std::floor(place), 0.0, static_cast<double>(ascending.size() - 1)));
    const std::size_t above = std::min(below + 1, ascending.size() - 1);
    const double past = place - static_cast<double>(below), step = ascending[above] - ascending[below];
    // From the nearer of the two, so that the result never lies beyond either.
    return past < 0.5 ? ascending[below] + step * past : ascending[above] - step * (1.0 - past);
}

Moments sorted_moments(std::span<const double> ascending) noexcept {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    if (ascending.front() == ascending.back()) return {ascending.front(), 0.0, 0.0, none, none};
    const auto n = static_cast<double>(ascending.size());
    const double origin = ascending[ascending.size() / 2];
    const double shift = mean_from(origin, ascending);
    Moments out;
    double third = 0.0, fourth = 0.0;
    for (const double x : ascending) {
        const double off = x - origin - shift, square = off * off;
        out.squares += square;
        third += square * off;
        fourth += square * square;
    }
    out.mean = origin + shift;
    out.sd = std::sqrt(out.squares / n);
    out.skewness = third / (out.squares * out.sd);
    out.excess_kurtosis = n * fourth / (out.squares * out.squares) - 3.0;
    return out;
}

double sorted_mean(std::span<const double> ascending) noexcept {
    const double origin = ascending[ascending.size() / 2];
    return origin + mean_from(origin, ascending);
}

double sorted_mad(std::span<const double> ascending) {
    constexpr double third_quartile_of_normal = 0.6744897501960817;
    const double median = sorted_quantile(ascending, 0.5);
    std::vector<double> deviations(ascending.begin(), ascending.end());
    for (double& x : deviations) x = std::abs(x - median);
    std::sort(deviations.begin(), deviations.end());
    return sorted_quantile(deviations, 0.5) / third_quartile_of_normal;
}

}  // namespace tare::imaging
