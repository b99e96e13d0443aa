// Fuzzy c-means of one variable in three classes. Centres are first sought on coarse bins, then among all different values.
#include <algorithm>
#include <cmath>

#include "tare/base/error.hpp"
#include "tare/imaging/intensity.hpp"
#include "tare/imaging/sorted_values.hpp"

namespace tare::imaging {
namespace {

using Three = std::array<double, 3>;

struct Weighted {
    double value, weight;
};

std::vector<Weighted> different(std::span<const double> ascending) {
    std::vector<Weighted> out;
    for (const double x : ascending) {
        if (out.empty() || out.back().value != x) out.push_back({x, 0.0});
        out.back().weight += 1.0;
    }
    return out;
}

/// The mean value of each of many equal stretches of the range.
std::vector<Weighted> coarse(std::span<const Weighted> values) {
    constexpr double stretches = 1024.0;
    const double least = values.front().value, width = (values.back().value - least) / stretches;
    std::vector<Weighted> out;
    double last = -1.0;
    for (const Weighted& v : values) {
        const double stretch = std::floor((v.value - least) / width);
        if (stretch != last) out.push_back({0.0, 0.0});
        last = stretch;
        out.back().value += v.weight * (v.value - least);
        out.back().weight += v.weight;
    }
    for (Weighted& v : out) v.value = v.value / v.weight + least;
    return out;
}

/// u_k = d_k⁻² / Σ d_j⁻².
Three memberships(double value, const Three& centres) noexcept {
    Three u{};
    double sum = 0.0;
    for (std::size_t k = 0; k < 3; ++k) {
        const double distance = value - centres[k], square = distance * distance;
        if (square == 0.0) {
            u = {};
            u[k] = 1.0;
            return u;
        }
        u[k] = 1.0 / square;
        sum += u[k];
    }
    for (double& share : u) share /= sum;
    return u;
}

/// Means weighted by membership to a power of 1 or 2.
Three weighted_means(std::span<const Weighted> values, const Three& centres, bool squared) noexcept {
    const double origin = centres[1];
    Three sums{}, weights{};
    for (const Weighted& v : values) {
        const Three u = memberships(v.value, centres);
        for (std::size_t k = 0; k < 3; ++k) {
            const double w = v.weight * (squared ? u[k] * u[k] : u[k]);
            sums[k] += w * (v.value - origin);
            weights[k] += w;
        }
    }
    for (std::size_t k = 0; k < 3; ++k) sums[k] = origin + sums[k] / weights[k];
    return sums;
}

Three settled(std::span<const Weighted> values, Three centres, double tolerance) {
    constexpr int most_rounds = 1000;
    for (int round = 0; round < most_rounds; ++round) {
        const Three next = weighted_means(values, centres, true);
        double moved = 0.0;
        for (std::size_t k = 0; k < 3; ++k) moved = std::max(moved, std::abs(next[k] - centres[k]));
        centres = next;
        if (moved <= tolerance) break;
    }
    return centres;
}

}  // namespace

std::array<double, 3> fuzzy_means(std::span<const double> ascending) {
    const std::vector<Weighted> values = different(ascending);
    if (values.size() < 3) {
        throw base::degenerate("has " + std::to_string(values.size()) + " different intensities, too few for three classes");
    }
    const double range = values.back().value - values.front().value;
    Three centres{sorted_quantile(ascending, 1.0 / 6.0), sorted_quantile(ascending, 0.5),
                  sorted_quantile(ascending, 5.0 / 6.0)};
    if (!(centres[0] < centres[1] && centres[1] < centres[2])) {
        for (std::size_t k = 0; k < 3; ++k) {
            centres[k] = values.front().value + range * (0.5 + static_cast<double>(k)) / 3.0;
        }
    }
    centres = settled(coarse(values), centres, 1e-6 * range);
    centres = settled(values, centres, 1e-9 * range);
    std::sort(centres.begin(), centres.end());
    return weighted_means(values, centres, false);
}

}  // namespace tare::imaging
