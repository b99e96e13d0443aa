// Non-parametric empirical Bayes of one site (Johnson, Li, Rabinovic 2007): γ* and δ* of a feature are the means of
// the other features' γ̂ and δ̂ weighted by the likelihood of its values under them. Weights stay logarithms until
// the largest is known, so they cannot all underflow, whatever the number of subjects.
#include <algorithm>
#include <cmath>
#include <limits>

#include "cpu_backend.hpp"

namespace tare::compute {
namespace {

/// The features whose estimates are candidates, side by side for the inner loop.
struct Candidates {
    std::vector<double> gamma, delta, half_log_delta, half_over_delta;
    std::vector<Index> feature;
};

Candidates candidates_of(const SiteEstimates& site) {
    Candidates c;
    const bool any_scale =
        std::find(site.shrinkage.begin(), site.shrinkage.end(), Shrinkage::location_scale) != site.shrinkage.end();
    for (std::size_t f = 0; f < site.gamma_hat.size(); ++f) {
        // Where the scale is estimated for some, those without a scale of their own are no candidates for it.
        if (site.shrinkage[f] == Shrinkage::none || (any_scale && site.shrinkage[f] == Shrinkage::location)) continue;
        const double delta = any_scale ? site.delta_hat[f] : 1.0;
        c.gamma.push_back(site.gamma_hat[f]);
        c.delta.push_back(delta);
        c.half_log_delta.push_back(0.5 * std::log(delta));
        c.half_over_delta.push_back(0.5 / delta);
        c.feature.push_back(static_cast<Index>(f));
    }
    return c;
}

}  // namespace

SiteEffects CpuBackend::shrink_nonparametric(const SiteEstimates& site) const {
    const std::size_t features = site.gamma_hat.size();
    SiteEffects out = unshrunk_effects(site.gamma_hat);
    const Candidates candidates = candidates_of(site);
    const std::size_t count = candidates.gamma.size();
    const double lowest = -std::numeric_limits<double>::infinity();

#pragma omp parallel num_threads(threads_) if (features * count >= static_cast<std::size_t>(parallel_cells))
    {
        std::vector<double> log_weight(count);
#pragma omp for schedule(dynamic, 64)
        for (std::size_t f = 0; f < features; ++f) {
            if (site.shrinkage[f] == Shrinkage::none) continue;
            const double n = site.n[f];
            const bool scaled = site.shrinkage[f] == Shrinkage::location_scale;
            // With one subject there is no spread within the site; a feature that is constant there has none either.
            const double spread = n > 1.0 && std::isfinite(site.delta_hat[f]) ? (n - 1.0) * site.delta_hat[f] : 0.0;
            double largest = lowest;
            for (std::size_t h = 0; h < count; ++h) {
                const double distance = site.gamma_hat[f] - candidates.gamma[h];
                log_weight[h] =
                    -n * candidates.half_log_delta[h] - (spread + n * distance * distance) * candidates.half_over_delta[h];
                if (candidates.feature[h] == static_cast<Index>(f)) log_weight[h] = lowest;
                largest = std::max(largest, log_weight[h]);
            }
            double total = 0.0, gamma = 0.0, delta = 0.0, gamma_squares = 0.0, delta_squares = 0.0;
            for (std::size_t h = 0; h < count; ++h) {
                const double below = log_weight[h] - largest;
                if (!(below > -745.0)) continue;  // exp would be zero
                const double weight = std::exp(below);
                total += weight;
                gamma += weight * candidates.gamma[h];
                delta += weight * candidates.delta[h];
                gamma_squares += weight * candidates.gamma[h] * candidates.gamma[h];
                delta_squares += weight * candidates.delta[h] * candidates.delta[h];
            }
            if (total > 0.0) {
                out.gamma_star[f] = gamma / total;
                out.delta_star[f] = scaled ? delta / total : 1.0;
                out.gamma_variance[f] = std::max(0.0, gamma_squares / total - out.gamma_star[f] * out.gamma_star[f]);
                if (scaled) {
                    out.delta_variance[f] = std::max(0.0, delta_squares / total - out.delta_star[f] * out.delta_star[f]);
                }
            }
        }
    }
    return out;
}

}  // namespace tare::compute
