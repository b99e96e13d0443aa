// Parametric empirical Bayes of one site with a robust scale: as in ComBat, but the spread about a location g is the
// biweight midvariance about g, which does not follow from γ̂ and δ̂, so the site's standardised values are needed.
#pragma once

#include <span>
#include <vector>

#include "tare/compute/backend.hpp"

namespace tare::stats {

/// Iterates g = (τ²nγ̂ + dγ̄)/(τ²n + d), d = (½S(g) + b)/(n/2 + a − 1) with S(g) = (n−1)·biweight midvariance about g.
/// `z`: per feature the standardised values of the site's subjects that have it, n of them where the scale is shrunk (else
/// not read). Where half of them are tied, S(g) is (n−1)·mean square about g for every g.
/// Of each feature: sweeps until they settle; the sweeps can cycle, then the fixed point, which lies between γ̂ and γ̄
/// whether they reach it or not, is found by bisection. All together: the peers' rule; where the sweeps cycle they stop
/// after the 31st at the first one whose change is larger than the one before, and the last values stand.
/// The same bytes for any number of threads.
[[nodiscard]] compute::SiteEffects shrink_robust(std::span<const std::vector<double>> z, const compute::SiteEstimates& site,
                                                 const compute::SitePrior& prior, compute::StopRule stop, int threads);

}  // namespace tare::stats
