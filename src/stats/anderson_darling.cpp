// The statistic by one walk over the sorted values, its variance by Scholz and Stephens, and the tails of its limit.
#include "tare/stats/anderson_darling.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>

#include "tare/stats/distributions.hpp"

namespace tare::stats {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double pi = std::numbers::pi;
constexpr double negligible = 1e-15;
/// Above this the inversion has the digits; below, the approximation.
constexpr double inverted_least = 1e-9;

struct Value {
    double value;
    std::size_t group;
};

std::vector<Value> sorted_values(const Groups& groups) {
    std::vector<Value> out;
    out.reserve(static_cast<std::size_t>(groups.size()));
    for (std::size_t g = 0; g < groups.values().size(); ++g) {
        for (const double value : groups.values()[g]) out.push_back({value, g});
    }
    std::sort(out.begin(), out.end(),
              [](const Value& a, const Value& b) { return a.value != b.value ? a.value < b.value : a.group < b.group; });
    return out;
}

/// A² = 1/N Σᵢ 1/nᵢ Σⱼ lⱼ (N Mᵢⱼ − nᵢ Bⱼ)²/(Bⱼ (N − Bⱼ)) over distinct values but the largest, lⱼ of them equal, with Mᵢⱼ of
/// group i and Bⱼ of all up to the j-th.
double statistic_of(const Groups& groups, const std::vector<Value>& sorted) {
    const double total = static_cast<double>(sorted.size());
    std::vector<double> below(groups.values().size(), 0.0);
    double sum = 0.0;
    for (std::size_t first = 0; first < sorted.size();) {
        std::size_t end = first;
        for (; end < sorted.size() && sorted[end].value == sorted[first].value; ++end) below[sorted[end].group] += 1.0;
        if (end == sorted.size()) break;
        const double all_below = static_cast<double>(end), equal = static_cast<double>(end - first);
        double squares = 0.0;
        for (std::size_t g = 0; g < below.size(); ++g) {
            const double n = static_cast<double>(groups.values()[g].size());
            const double away = total * below[g] - n * all_below;
            squares += away * away / n;
        }
        sum += equal * squares / (all_below * (total - all_below));
        first = end;
    }
    return sum / total;
}

/// Of A² where all values differ.
double variance_of(const Groups& groups) {
    const auto count = static_cast<std::size_t>(groups.size());
    const double n = static_cast<double>(count), k = static_cast<double>(groups.values().size());
    double sizes = 0.0, h = 0.0, g = 0.0, so_far = 0.0;
    for (const std::vector<double>& values : groups.values()) sizes += 1.0 / static_cast<double>(values.size());
    for (std::size_t i = 1; i < count; ++i) h += 1.0 / static_cast<double>(i);
    for (std::size_t i = 1; i + 1 < count; ++i) {
        so_far += 1.0 / static_cast<double>(i);
        g += (h - so_far) / static_cast<double>(count - i);
    }
    const double a = (4.0 * g - 6.0) * (k - 1.0) + (10.0 - 6.0 * g) * sizes;
    const double b = (2.0 * g - 4.0) * k * k + 8.0 * h * k + (2.0 * g - 14.0 * h - 4.0) * sizes - 8.0 * h + 4.0 * g - 6.0;
    const double c = (6.0 * h + 2.0 * g - 2.0) * k * k + (4.0 * h - 4.0 * g + 6.0) * k + (2.0 * h - 6.0) * sizes + 4.0 * h;
    const double d = (2.0 * h + 6.0) * k * k - 4.0 * h * k;
    return (((a * n + b) * n + c) * n + d) / ((n - 1.0) * (n - 2.0) * (n - 3.0));
}

}  // namespace

AndersonDarlingLimit::AndersonDarlingLimit(Index m) : m_(m) {
    const double of_m = static_cast<double>(m);
    // Sums over steps of 2π/L are exact but for what lies beyond L, which is nothing here.
    step_ = 2.0 * pi / (of_m + 40.0 * std::sqrt(of_m) + 80.0);
    double turned = 0.0;
    for (Index i = 0;; ++i) {
        const double place = static_cast<double>(i) + 0.5, t = place * step_;
        // Πⱼ (1 − z/(j(j + 1))) = −cos(π√(1 + 4z)/2)/(πz) at z = 2it; its angle goes on without jumps.
        const std::complex<double> z(0.0, 2.0 * t);
        const std::complex<double> product = -std::cos(0.5 * pi * std::sqrt(1.0 + 4.0 * z)) / (pi * z);
        const double angle = std::arg(product);
        turned = angle + 2.0 * pi * std::round((turned - angle) / (2.0 * pi));
        const double size = std::exp(-0.5 * of_m * std::log(std::abs(product)));
        if (size < negligible) break;
        nodes_.push_back({size / (pi * place), -0.5 * of_m * turned});
    }
}

double AndersonDarlingLimit::upper_tail(double x) const {
    if (std::isnan(x)) return nan;
    if (x <= 0.0) return 1.0;
    if (x >= pi / step_) return far_tail(x);
    double sum = 0.5;
    for (std::size_t i = 0; i < nodes_.size(); ++i)
        sum += nodes_[i].weight * std::sin(nodes_[i].phase - (static_cast<double>(i) + 0.5) * step_ * x);
    return sum > inverted_least ? std::min(sum, 1.0) : std::min(far_tail(x), inverted_least);
}

double AndersonDarlingLimit::far_tail(double x) const {
    // The cumulant function is −m/2·ln(−cos(πw/2)/(2πs)) with w = √(1 + 8s), 0 < s < 1.
    const double half_m = 0.5 * static_cast<double>(m_);
    const auto w_of = [](double s) { return std::sqrt(1.0 + 8.0 * s); };
    const auto slope = [&](double s) { return half_m * (2.0 * pi / w_of(s) * std::tan(0.5 * pi * w_of(s)) + 1.0 / s); };
    double low = 1e-6, high = 1.0 - 1e-15;
    for (int i = 0; i < 100; ++i) {
        const double middle = 0.5 * (low + high);
        (slope(middle) < x ? low : high) = middle;
    }
    const double s = 0.5 * (low + high), w = w_of(s), cosine = std::cos(0.5 * pi * w), tangent = std::tan(0.5 * pi * w);
    const double cumulant = -half_m * std::log(-cosine / (2.0 * pi * s));
    const double bend =
        half_m * (4.0 * pi * pi / (w * w * cosine * cosine) - 8.0 * pi * tangent / (w * w * w) - 1.0 / (s * s));
    const double r = std::sqrt(2.0 * (s * x - cumulant)), u = s * std::sqrt(bend);
    const double p = upper_tail_of_normal(r) + std::exp(-0.5 * r * r) / std::sqrt(2.0 * pi) * (1.0 / u - 1.0 / r);
    return std::isnan(p) ? 0.0 : std::max(p, 0.0);
}

GroupTest anderson_darling(const Groups& groups, const AndersonDarlingLimit* limit) {
    const std::size_t k = groups.values().size();
    if (k < 2 || groups.size() < 4) return {nan, nan, nan};
    const std::vector<Value> sorted = sorted_values(groups);
    const double variance = variance_of(groups);
    if (sorted.front().value == sorted.back().value || !(variance > 0.0)) return {nan, nan, nan};
    const auto m = static_cast<Index>(k) - 1;
    const double mean = static_cast<double>(m);
    const double standardised = (statistic_of(groups, sorted) - mean) / std::sqrt(variance);
    const double limit_sd = std::sqrt(2.0 * mean * (pi * pi / 3.0 - 3.0));
    const double x = mean + standardised * limit_sd;
    const double p = limit != nullptr && limit->m() == m ? limit->upper_tail(x) : AndersonDarlingLimit(m).upper_tail(x);
    return {standardised, p, nan};
}

}  // namespace tare::stats
