// Box summaries, local means, correlations.
#include "tare/stats/summaries.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tare::stats {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double quantile_of_sorted(const std::vector<double>& sorted, double share) {
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

BoxSummary box_summary(std::span<const double> values) {
    std::vector<double> sorted;
    for (const double value : values) {
        if (!std::isnan(value)) sorted.push_back(value);
    }
    BoxSummary out{static_cast<Index>(sorted.size()), nan, nan, nan, nan, nan, nan, nan, nan, nan};
    if (sorted.empty()) return out;
    std::sort(sorted.begin(), sorted.end());
    out.least = sorted.front();
    out.most = sorted.back();
    out.lower_quartile = quantile_of_sorted(sorted, 0.25);
    out.median = quantile_of_sorted(sorted, 0.5);
    out.upper_quartile = quantile_of_sorted(sorted, 0.75);
    const double reach = 1.5 * (out.upper_quartile - out.lower_quartile);
    out.low_whisker = *std::lower_bound(sorted.begin(), sorted.end(), out.lower_quartile - reach);
    out.high_whisker = *std::prev(std::upper_bound(sorted.begin(), sorted.end(), out.upper_quartile + reach));
    double sum = 0.0, squares = 0.0;
    for (const double value : sorted) sum += value;
    const double n = static_cast<double>(sorted.size());
    out.mean = sum / n;
    for (const double value : sorted) squares += (value - out.mean) * (value - out.mean);
    if (sorted.size() > 1) out.sd = std::sqrt(squares / (n - 1.0));
    return out;
}

std::vector<double> local_means(std::span<const double> x, std::span<const double> y, std::span<const double> places,
                                double bandwidth) {
    std::vector<double> out;
    for (const double place : places) {
        double weights = 0.0, sum_x = 0.0, sum_y = 0.0, sum_xx = 0.0, sum_xy = 0.0;
        bool below = false, above = false;
        int near = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            if (std::isnan(x[i]) || std::isnan(y[i])) continue;
            const double away = x[i] - place, z = away / bandwidth;
            below = below || away <= 0.0;
            above = above || away >= 0.0;
            near += std::abs(z) <= 2.0 ? 1 : 0;
            const double weight = std::exp(-0.5 * z * z);
            weights += weight;
            sum_x += weight * away;
            sum_y += weight * y[i];
            sum_xx += weight * away * away;
            sum_xy += weight * away * y[i];
        }
        if (!below || !above || near < 3) {
            out.push_back(nan);
            continue;
        }
        const double determinant = weights * sum_xx - sum_x * sum_x;
        out.push_back(determinant > 1e-10 * weights * sum_xx ? (sum_xx * sum_y - sum_x * sum_xy) / determinant
                                                             : sum_y / weights);
    }
    return out;
}

double correlation_of(std::span<const double> x, std::span<const double> y) {
    double n = 0.0, mean_x = 0.0, mean_y = 0.0;
    const auto each = [&](const auto& use) {
        for (std::size_t i = 0; i < x.size(); ++i) {
            if (!std::isnan(x[i]) && !std::isnan(y[i])) use(x[i], y[i]);
        }
    };
    each([&](double a, double b) {
        n += 1.0;
        mean_x += a;
        mean_y += b;
    });
    if (n < 3.0) return nan;
    mean_x /= n;
    mean_y /= n;
    double xx = 0.0, yy = 0.0, xy = 0.0;
    each([&](double a, double b) {
        xx += (a - mean_x) * (a - mean_x);
        yy += (b - mean_y) * (b - mean_y);
        xy += (a - mean_x) * (b - mean_y);
    });
    const double floor = 1e-26 * n;
    if (!(xx > floor * mean_x * mean_x) || !(yy > floor * mean_y * mean_y)) return nan;
    return std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0);
}

}  // namespace tare::stats
