// What parametric empirical Bayes of one site is on every device: one sweep of the iteration, when it has settled, and the
// frame of features that are not iterated and of variances around it.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "portable.hpp"
#include "tare/compute/backend.hpp"

namespace tare::compute {

inline constexpr double own_tolerance = 1e-12;
inline constexpr double together_tolerance = 1e-4;
inline constexpr int most_sweeps = 10'000;

struct Effect {
    double gamma;
    double delta;
};

/// The posterior means of one feature given the other parameter (Johnson, Li, Rabinovic 2007, equations 3.1-3.3 of their
/// supplement). The sum of squares about any g follows from γ̂ and δ̂: Σ(z−g)² = (n−1)δ̂ + n(γ̂−g)², so no subject's values
/// are needed. `a` of the prior may be infinite (all δ̂ of the site equal).
class Posterior {
public:
    explicit Posterior(const SitePrior& prior) : prior_(prior), scale_varies_(std::isfinite(prior.a)) {}

    [[nodiscard]] TARE_PORTABLE double gamma(double n, double gamma_hat, double delta) const {
        const double weight = prior_.tau2 * n;
        return (weight * gamma_hat + delta * prior_.gamma_bar) / (weight + delta);
    }
    [[nodiscard]] TARE_PORTABLE Effect sweep(double n, double gamma_hat, double delta_hat, double delta) const {
        const double g = gamma(n, gamma_hat, delta);
        const double squares = (n - 1.0) * delta_hat + n * (gamma_hat - g) * (gamma_hat - g);
        return {g, scale_varies_ ? (0.5 * squares + prior_.b) / (0.5 * n + prior_.a - 1.0) : prior_.b};
    }

private:
    SitePrior prior_;
    bool scale_varies_;
};

TARE_PORTABLE inline bool settled(double next, double last) {
    return std::fabs(next - last) <= own_tolerance * std::fabs(last) || std::fabs(next - last) <= 1e-300;
}

/// Iterates one feature to its fixed point; false when the cap was met.
TARE_PORTABLE inline bool iterate_alone(const Posterior& posterior, double n, double gamma_hat, double delta_hat,
                                        Effect& effect) {
    for (int sweep = 0; sweep < most_sweeps; ++sweep) {
        const Effect next = posterior.sweep(n, gamma_hat, delta_hat, effect.delta);
        const bool done = settled(next.gamma, effect.gamma) && settled(next.delta, effect.delta);
        effect = next;
        if (done) return true;
    }
    return false;
}

/// The larger of `change` and this step's relative changes as the peers take them: signed, so that a negative estimate never
/// holds the loop back.
TARE_PORTABLE inline double largest_change(double change, const Effect& next, const Effect& last) {
    const double of_gamma = std::fabs(next.gamma - last.gamma) / last.gamma;
    const double of_delta = std::fabs(next.delta - last.delta) / last.delta;
    if (change < of_gamma) change = of_gamma;
    return change < of_delta ? of_delta : change;
}

/// The effects before the iteration: those that only shift are done, those to be iterated begin at their estimates.
struct ParametricStart {
    SiteEffects effects;
    std::vector<std::size_t> iterated;  ///< features
};
[[nodiscard]] ParametricStart parametric_start(const SiteEstimates& site, const SitePrior& prior);

/// Sets the posterior variances of the features that were iterated.
void add_variances(const SiteEstimates& site, const SitePrior& prior, const std::vector<std::size_t>& iterated,
                   SiteEffects& effects);

}  // namespace tare::compute
