// What non-parametric empirical Bayes of one site is on every device: the candidates, what a feature brings to be weighed
// against them, and its estimates from the weighted sums.
#pragma once

#include <cstddef>
#include <vector>

#include "tare/compute/backend.hpp"

namespace tare::compute {

/// The features whose estimates are candidates, side by side for the inner loop.
struct Candidates {
    std::vector<double> gamma, delta, half_log_delta, half_over_delta;
    std::vector<std::size_t> place;  ///< of each feature; past the end where it is no candidate
};

/// The candidates of a site, filled up to a multiple of `lanes` with some of no weight.
[[nodiscard]] Candidates candidates_of(const SiteEstimates& site, std::size_t lanes);

/// A feature's values as the likelihood sees them: how many, their mean γ̂ and their squares about it.
struct OwnValues {
    double n, gamma, spread;
    std::size_t self;  ///< its own place among the candidates, which has no weight
};

[[nodiscard]] OwnValues own_values(const SiteEstimates& site, const Candidates& candidates, std::size_t feature);

/// Weights below this logarithm of the largest count as this: next to nothing, and still a number.
inline constexpr double least_log_weight = -708.0;

/// Sums over the candidates: of the weights w, and of wγ̂, wδ̂, wγ̂², wδ̂².
struct WeightedSums {
    double weight, gamma, delta, gamma_squares, delta_squares;
};

/// Means and variances of the feature from its sums; where nothing has weight its estimates stay as they are.
void set_weighted_means(const SiteEstimates& site, std::size_t feature, const WeightedSums& sums, SiteEffects& out);

}  // namespace tare::compute
