// Candidates and weighted means of non-parametric empirical Bayes (Johnson, Li, Rabinovic 2007).
#include "nonparametric.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tare::compute {

Candidates candidates_of(const SiteEstimates& site, std::size_t lanes) {
    Candidates c;
    const bool any_scale =
        std::find(site.shrinkage.begin(), site.shrinkage.end(), Shrinkage::location_scale) != site.shrinkage.end();
    const auto add = [&c](double gamma, double delta, double half_log_delta) {
        c.gamma.push_back(gamma);
        c.delta.push_back(delta);
        c.half_log_delta.push_back(half_log_delta);
        c.half_over_delta.push_back(0.5 / delta);
    };
    c.place.assign(site.gamma_hat.size(), std::numeric_limits<std::size_t>::max());
    for (std::size_t f = 0; f < site.gamma_hat.size(); ++f) {
        // Where the scale is estimated for some, those without a scale of their own are no candidates for it.
        if (site.shrinkage[f] == Shrinkage::none || (any_scale && site.shrinkage[f] == Shrinkage::location)) continue;
        const double delta = any_scale ? site.delta_hat[f] : 1.0;
        c.place[f] = c.gamma.size();
        add(site.gamma_hat[f], delta, 0.5 * std::log(delta));
    }
    while (c.gamma.size() % lanes != 0) add(0.0, 1.0, std::numeric_limits<double>::infinity());
    return c;
}

OwnValues own_values(const SiteEstimates& site, const Candidates& candidates, std::size_t feature) {
    const double n = site.n[feature];
    // With one subject there is no spread within the site; a feature that is constant there has none either.
    const double spread = n > 1.0 && std::isfinite(site.delta_hat[feature]) ? (n - 1.0) * site.delta_hat[feature] : 0.0;
    return {n, site.gamma_hat[feature], spread, candidates.place[feature]};
}

void set_weighted_means(const SiteEstimates& site, std::size_t feature, const WeightedSums& sums, SiteEffects& out) {
    if (!(sums.weight > 0.0)) return;
    const bool scaled = site.shrinkage[feature] == Shrinkage::location_scale;
    const double gamma = sums.gamma / sums.weight, delta = scaled ? sums.delta / sums.weight : 1.0;
    out.gamma_star[feature] = gamma;
    out.delta_star[feature] = delta;
    out.gamma_variance[feature] = std::max(0.0, sums.gamma_squares / sums.weight - gamma * gamma);
    if (scaled) out.delta_variance[feature] = std::max(0.0, sums.delta_squares / sums.weight - delta * delta);
}

}  // namespace tare::compute
