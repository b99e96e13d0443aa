// The frame around the iteration of parametric empirical Bayes.
#include "parametric.hpp"

namespace tare::compute {

ParametricStart parametric_start(const SiteEstimates& site, const SitePrior& prior) {
    const Posterior posterior(prior);
    ParametricStart out{unshrunk_effects(site.gamma_hat), {}};
    for (std::size_t i = 0; i < site.gamma_hat.size(); ++i) {
        if (site.shrinkage[i] == Shrinkage::location) {
            out.effects.gamma_star[i] = posterior.gamma(site.n[i], site.gamma_hat[i], 1.0);
            out.effects.gamma_variance[i] = gamma_variance(prior, site.n[i], 1.0);
        } else if (site.shrinkage[i] == Shrinkage::location_scale) {
            out.effects.delta_star[i] = site.delta_hat[i];
            out.iterated.push_back(i);
        }
    }
    return out;
}

void add_variances(const SiteEstimates& site, const SitePrior& prior, const std::vector<std::size_t>& iterated,
                   SiteEffects& effects) {
    for (const std::size_t i : iterated) {
        effects.gamma_variance[i] = gamma_variance(prior, site.n[i], effects.delta_star[i]);
        effects.delta_variance[i] = delta_variance(prior, site.n[i], effects.delta_star[i]);
    }
}

}  // namespace tare::compute
