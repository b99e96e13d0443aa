// Parametric empirical Bayes of one site on the processor: every feature to its own fixed point, or all together.
#include <algorithm>
#include <limits>

#include "cpu_backend.hpp"
#include "parametric.hpp"

namespace tare::compute {
namespace {

/// Each feature to its own fixed point; how many met the cap.
Index iterate_each(const SiteEstimates& site, const Posterior& posterior, int threads, ParametricStart& at) {
    Index failed = 0;
#pragma omp parallel for num_threads(threads) schedule(static) \
    reduction(+ : failed) if (at.iterated.size() >= parallel_features)
    for (std::size_t k = 0; k < at.iterated.size(); ++k) {
        const std::size_t i = at.iterated[k];
        Effect effect{at.effects.gamma_star[i], at.effects.delta_star[i]};
        if (!iterate_alone(posterior, site.n[i], site.gamma_hat[i], site.delta_hat[i], effect)) ++failed;
        at.effects.gamma_star[i] = effect.gamma;
        at.effects.delta_star[i] = effect.delta;
    }
    return failed;
}

/// The peers' rule: one stop for the whole site.
Index iterate_together(const SiteEstimates& site, const Posterior& posterior, int threads, ParametricStart& at) {
    for (int sweep = 0; sweep < most_sweeps && !at.iterated.empty(); ++sweep) {
        double change = -std::numeric_limits<double>::infinity();
#pragma omp parallel for num_threads(threads) schedule(static) \
    reduction(max : change) if (at.iterated.size() >= parallel_features)
        for (std::size_t k = 0; k < at.iterated.size(); ++k) {
            const std::size_t i = at.iterated[k];
            const Effect last{at.effects.gamma_star[i], at.effects.delta_star[i]};
            const Effect next = posterior.sweep(site.n[i], site.gamma_hat[i], site.delta_hat[i], last.delta);
            change = largest_change(change, next, last);
            at.effects.gamma_star[i] = next.gamma;
            at.effects.delta_star[i] = next.delta;
        }
        if (change <= together_tolerance) return 0;
    }
    return static_cast<Index>(at.iterated.size());
}

}  // namespace

SiteEffects CpuBackend::shrink_parametric(const SiteEstimates& site, const SitePrior& prior, StopRule stop) const {
    const Posterior posterior(prior);
    ParametricStart at = parametric_start(site, prior);
    at.effects.not_converged = stop == StopRule::each_feature ? iterate_each(site, posterior, threads_, at)
                                                              : iterate_together(site, posterior, threads_, at);
    add_variances(site, prior, at.iterated, at.effects);
    return std::move(at.effects);
}

}  // namespace tare::compute
