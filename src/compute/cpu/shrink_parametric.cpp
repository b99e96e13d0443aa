// Parametric empirical Bayes of one site (Johnson, Li, Rabinovic 2007, equations 3.1-3.3 of their supplement). The
// sum of squares about any g follows from γ̂ and δ̂: Σ(z−g)² = (n−1)δ̂ + n(γ̂−g)², so no subject's values are needed.
#include <algorithm>
#include <cmath>
#include <limits>

#include "cpu_backend.hpp"

namespace tare::compute {
namespace {

constexpr double own_tolerance = 1e-12;
constexpr double together_tolerance = 1e-4;
constexpr int most_sweeps = 10'000;

struct Effect {
    double gamma;
    double delta;
};

/// The posterior means of one feature given the other parameter; `a` may be infinite (all δ̂ of the site equal).
class Posterior {
public:
    explicit Posterior(const SitePrior& prior) : prior_(prior) {}

    [[nodiscard]] double gamma(double n, double gamma_hat, double delta) const {
        const double weight = prior_.tau2 * n;
        return (weight * gamma_hat + delta * prior_.gamma_bar) / (weight + delta);
    }
    [[nodiscard]] Effect sweep(double n, double gamma_hat, double delta_hat, double delta) const {
        const double g = gamma(n, gamma_hat, delta);
        const double squares = (n - 1.0) * delta_hat + n * (gamma_hat - g) * (gamma_hat - g);
        return {g, std::isfinite(prior_.a) ? (0.5 * squares + prior_.b) / (0.5 * n + prior_.a - 1.0) : prior_.b};
    }

private:
    SitePrior prior_;
};

bool settled(double next, double last) {
    return std::abs(next - last) <= own_tolerance * std::abs(last) || std::abs(next - last) <= 1e-300;
}

/// Iterates one feature to its fixed point; false when the cap was met.
bool iterate_alone(const Posterior& posterior, double n, double gamma_hat, double delta_hat, Effect& effect) {
    for (int sweep = 0; sweep < most_sweeps; ++sweep) {
        const Effect next = posterior.sweep(n, gamma_hat, delta_hat, effect.delta);
        const bool done = settled(next.gamma, effect.gamma) && settled(next.delta, effect.delta);
        effect = next;
        if (done) return true;
    }
    return false;
}

}  // namespace

SiteEffects CpuBackend::shrink_parametric(const SiteEstimates& site, const SitePrior& prior, StopRule stop) const {
    const auto features = static_cast<Index>(site.gamma_hat.size());
    const Posterior posterior(prior);
    SiteEffects out = unshrunk_effects(site.gamma_hat);
    std::vector<std::size_t> iterated;
    for (Index f = 0; f < features; ++f) {
        const auto i = static_cast<std::size_t>(f);
        if (site.shrinkage[i] == Shrinkage::location) {
            out.gamma_star[i] = posterior.gamma(site.n[i], site.gamma_hat[i], 1.0);
            out.gamma_variance[i] = gamma_variance(prior, site.n[i], 1.0);
        } else if (site.shrinkage[i] == Shrinkage::location_scale) {
            out.delta_star[i] = site.delta_hat[i];
            iterated.push_back(i);
        }
    }

    const auto add_variances = [&] {
        for (const std::size_t i : iterated) {
            out.gamma_variance[i] = gamma_variance(prior, site.n[i], out.delta_star[i]);
            out.delta_variance[i] = delta_variance(prior, site.n[i], out.delta_star[i]);
        }
    };
    if (stop == StopRule::each_feature) {
        Index failed = 0;
#pragma omp parallel for num_threads(threads_) schedule(static) \
    reduction(+ : failed) if (iterated.size() >= parallel_features)
        for (std::size_t k = 0; k < iterated.size(); ++k) {
            const std::size_t i = iterated[k];
            Effect effect{out.gamma_star[i], out.delta_star[i]};
            if (!iterate_alone(posterior, site.n[i], site.gamma_hat[i], site.delta_hat[i], effect)) ++failed;
            out.gamma_star[i] = effect.gamma;
            out.delta_star[i] = effect.delta;
        }
        out.not_converged = failed;
        add_variances();
        return out;
    }

    // The peers' rule: one stop for the whole site; a negative γ makes its relative change negative, so such a
    // feature never holds the loop back.
    for (int sweep = 0; sweep < most_sweeps && !iterated.empty(); ++sweep) {
        double change = -std::numeric_limits<double>::infinity();
#pragma omp parallel for num_threads(threads_) schedule(static) \
    reduction(max : change) if (iterated.size() >= parallel_features)
        for (std::size_t k = 0; k < iterated.size(); ++k) {
            const std::size_t i = iterated[k];
            const Effect next = posterior.sweep(site.n[i], site.gamma_hat[i], site.delta_hat[i], out.delta_star[i]);
            change = std::max({change, std::abs(next.gamma - out.gamma_star[i]) / out.gamma_star[i],
                               std::abs(next.delta - out.delta_star[i]) / out.delta_star[i]});
            out.gamma_star[i] = next.gamma;
            out.delta_star[i] = next.delta;
        }
        if (change <= together_tolerance) {
            add_variances();
            return out;
        }
    }
    out.not_converged = static_cast<Index>(iterated.size());
    add_variances();
    return out;
}

}  // namespace tare::compute
