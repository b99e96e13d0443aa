// Non-parametric empirical Bayes of one site (Johnson, Li, Rabinovic 2007): γ* and δ* of a feature are the means of
// the other features' γ̂ and δ̂ weighted by the likelihood of its values under them. Weights stay logarithms until
// the largest is known, so they cannot all underflow, whatever the number of subjects. Sums run in eight lanes: the
// order of their terms is the same however wide the processor's vectors are.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "cpu_backend.hpp"
#include "nonparametric.hpp"
#include "widest.hpp"

namespace tare::compute {
namespace {

constexpr double lowest = -std::numeric_limits<double>::infinity();
constexpr std::size_t lanes = 8;
using Lanes = std::array<double, lanes>;

/// exp(x), −708 ≤ x ≤ 0, to two units in the last place: straight code, so that loops become vectors.
[[gnu::always_inline]] inline double exp_below_zero(double x) {
    constexpr double round = 0x1.8p52;  // added and taken away, it leaves a whole number, whose bits end in that number
    constexpr double high = 0x1.62e42feep-1, low = 0x1.a39ef35793c76p-33;  // ln 2
    const double shifted = x * 1.4426950408889634 + round;
    const double power = shifted - round;
    const double r = (x - power * high) - power * low;
    double sum = 1.0 / 6227020800.0;
    sum = sum * r + 1.0 / 479001600.0;
    sum = sum * r + 1.0 / 39916800.0;
    sum = sum * r + 1.0 / 3628800.0;
    sum = sum * r + 1.0 / 362880.0;
    sum = sum * r + 1.0 / 40320.0;
    sum = sum * r + 1.0 / 5040.0;
    sum = sum * r + 1.0 / 720.0;
    sum = sum * r + 1.0 / 120.0;
    sum = sum * r + 1.0 / 24.0;
    sum = sum * r + 1.0 / 6.0;
    sum = sum * r + 0.5;
    sum = sum * r * r + r + 1.0;
    return sum * std::bit_cast<double>((std::bit_cast<std::uint64_t>(shifted) + 1023) << 52);
}

struct Sums {
    Lanes weight{}, gamma{}, delta{}, gamma_squares{}, delta_squares{};
};

[[gnu::always_inline]] inline void weigh(const OwnValues& seen, const Candidates& c, std::vector<double>& weights,
                                         Sums& out) {
    const std::size_t count = c.gamma.size();
    const double* const gamma = c.gamma.data();
    const double* const delta = c.delta.data();
    const double* const half_log_delta = c.half_log_delta.data();
    const double* const half_over_delta = c.half_over_delta.data();
    double* const weight = weights.data();
    const double n = seen.n, own = seen.gamma, spread = seen.spread;
    for (std::size_t h = 0; h < count; ++h) {
        const double distance = own - gamma[h];
        weight[h] = -n * half_log_delta[h] - (spread + n * distance * distance) * half_over_delta[h];
    }
    if (seen.self < count) weight[seen.self] = lowest;
    Lanes peaks;
    peaks.fill(lowest);
    for (std::size_t h = 0; h < count; h += lanes) {
        for (std::size_t k = 0; k < lanes; ++k) peaks[k] = weight[h + k] > peaks[k] ? weight[h + k] : peaks[k];
    }
    const double largest = *std::max_element(peaks.begin(), peaks.end());
    if (!(largest > lowest)) return;
    // A loop of its own: within the next one the compiler makes a jump of it, and no vectors.
    for (std::size_t h = 0; h < count; ++h)
        weight[h] = weight[h] - largest > least_log_weight ? weight[h] - largest : least_log_weight;
    for (std::size_t h = 0; h < count; ++h) weight[h] = exp_below_zero(weight[h]);
    if (seen.self < count) weight[seen.self] = 0.0;
    Sums sums;
    for (std::size_t h = 0; h < count; h += lanes) {
        for (std::size_t k = 0; k < lanes; ++k) {
            const double of_gamma = weight[h + k] * gamma[h + k], of_delta = weight[h + k] * delta[h + k];
            sums.weight[k] += weight[h + k];
            sums.gamma[k] += of_gamma;
            sums.delta[k] += of_delta;
            sums.gamma_squares[k] += of_gamma * gamma[h + k];
            sums.delta_squares[k] += of_delta * delta[h + k];
        }
    }
    out = sums;
}

double total(const Lanes& values) {
    double sum = 0.0;
    for (const double value : values) sum += value;
    return sum;
}

}  // namespace

SiteEffects CpuBackend::shrink_nonparametric(const SiteEstimates& site) const {
    const std::size_t features = site.gamma_hat.size();
    SiteEffects out = unshrunk_effects(site.gamma_hat);
    const Candidates candidates = candidates_of(site, lanes);
    const std::size_t count = candidates.gamma.size();

#pragma omp parallel num_threads(threads_) if (features * count >= static_cast<std::size_t>(parallel_cells))
    {
        std::vector<double> weights(count);
#pragma omp for schedule(dynamic, 64)
        for (std::size_t f = 0; f < features; ++f) {
            if (site.shrinkage[f] == Shrinkage::none) continue;
            const OwnValues own = own_values(site, candidates, f);
            Sums sums;
            widest([&]() __attribute__((always_inline)) { weigh(own, candidates, weights, sums); });
            set_weighted_means(site, f,
                               {total(sums.weight), total(sums.gamma), total(sums.delta), total(sums.gamma_squares),
                                total(sums.delta_squares)},
                               out);
        }
    }
    return out;
}

}  // namespace tare::compute
