// Empirical Bayes of one site for one feature a thread: the parametric iteration, and the weights of the non-parametric one
// in tiles of candidates, whose logarithms are taken against each tile's own largest and put together afterwards.
#pragma once

#include "nonparametric.hpp"
#include "parametric.hpp"
#include "tare/base/matrix.hpp"

namespace tare::compute::cuda {

using base::Index;

/// Estimates of the features that are iterated, and where they stand.
struct IteratedFeatures {
    const double* n;
    const double* gamma_hat;
    const double* delta_hat;
    double* gamma;
    double* delta;
};

/// Each feature to its own fixed point.
struct IterateKernel {
    Posterior posterior;
    IteratedFeatures at;
    int* failed;  ///< 1 where the cap was met

    TARE_PORTABLE void operator()(Index f) const {
        Effect effect{at.gamma[f], at.delta[f]};
        failed[f] = iterate_alone(posterior, at.n[f], at.gamma_hat[f], at.delta_hat[f], effect) ? 0 : 1;
        at.gamma[f] = effect.gamma;
        at.delta[f] = effect.delta;
    }
};

/// One sweep over all features, and how far each moved.
struct SweepKernel {
    Posterior posterior;
    IteratedFeatures at;
    double* change;

    TARE_PORTABLE void operator()(Index f) const {
        const Effect last{at.gamma[f], at.delta[f]};
        const Effect next = posterior.sweep(at.n[f], at.gamma_hat[f], at.delta_hat[f], last.delta);
        change[f] = largest_change(-INFINITY, next, last);
        at.gamma[f] = next.gamma;
        at.delta[f] = next.delta;
    }
};

/// The largest of every `parts`-th value, from each of the first `parts`.
struct LargestKernel {
    const double* values;
    Index count, parts;
    double* largest;  ///< parts

    TARE_PORTABLE void operator()(Index part) const {
        double found = -INFINITY;
        for (Index i = part; i < count; i += parts) {
            if (found < values[i]) found = values[i];
        }
        largest[part] = found;
    }
};

inline constexpr int weighted_sums = 5;  ///< of w, wγ̂, wδ̂, wγ̂², wδ̂²

/// One tile of candidates for one feature: item = tile · features + feature.
struct WeighKernel {
    const double *gamma, *delta, *half_log_delta, *half_over_delta;  ///< candidates
    Index candidates, tile;
    const double *n, *own_gamma, *spread;  ///< features
    const Index* self;                     ///< features: own place among the candidates; no place of one where there is none
    Index features;
    double* peaks;  ///< tiles × features: the largest logarithm
    double* sums;   ///< (tiles · weighted_sums) × features, relative to that

    [[nodiscard]] TARE_PORTABLE double log_weight(Index h, Index f) const {
        const double distance = own_gamma[f] - gamma[h];
        return -n[f] * half_log_delta[h] - (spread[f] + n[f] * distance * distance) * half_over_delta[h];
    }
    TARE_PORTABLE void operator()(Index item) const {
        const Index t = item / features, f = item % features;
        const Index begin = t * tile, end = begin + tile < candidates ? begin + tile : candidates;
        double peak = -INFINITY;
        for (Index h = begin; h < end; ++h) {
            const double here = h == self[f] ? -INFINITY : log_weight(h, f);
            if (here > peak) peak = here;
        }
        double sum[weighted_sums] = {};
        for (Index h = begin; h < end && peak > -INFINITY; ++h) {
            if (h == self[f]) continue;
            const double below = log_weight(h, f) - peak;
            const double weight = std::exp(below > least_log_weight ? below : least_log_weight);
            const double of_gamma = weight * gamma[h], of_delta = weight * delta[h];
            sum[0] += weight;
            sum[1] += of_gamma;
            sum[2] += of_delta;
            sum[3] += of_gamma * gamma[h];
            sum[4] += of_delta * delta[h];
        }
        peaks[item] = peak;
        for (int k = 0; k < weighted_sums; ++k) sums[(t * weighted_sums + k) * features + f] = sum[k];
    }
};

/// Puts the tiles of a feature together.
struct MergeWeightsKernel {
    const double* peaks;
    const double* sums;
    Index tiles, features;
    double* totals;  ///< weighted_sums × features

    TARE_PORTABLE void operator()(Index f) const {
        double peak = -INFINITY;
        for (Index t = 0; t < tiles; ++t) {
            if (peaks[t * features + f] > peak) peak = peaks[t * features + f];
        }
        double total[weighted_sums] = {};
        for (Index t = 0; t < tiles; ++t) {
            const double here = peaks[t * features + f];
            if (!(here > -INFINITY)) continue;
            const double share = std::exp(here - peak);
            for (int k = 0; k < weighted_sums; ++k) total[k] += share * sums[(t * weighted_sums + k) * features + f];
        }
        for (int k = 0; k < weighted_sums; ++k) totals[k * features + f] = total[k];
    }
};

}  // namespace tare::compute::cuda
