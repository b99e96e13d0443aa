// Many values in a few figures, and in bins that many sets of values share: what images look like, and how alike they look.
#pragma once

#include <span>
#include <vector>

#include "tare/base/matrix.hpp"

namespace tare::stats {

using base::Index;

/// One set of values. Not a number of none.
struct ValueFigures {
    double mean = 0.0, sd = 0.0;    ///< n − 1 SD
    std::vector<double> quantiles;  ///< type 7, from the least to the largest in equal steps of `quantile_step`
    /// The quantile at a multiple of `quantile_step`.
    [[nodiscard]] double quantile(double share) const;
};
inline constexpr double quantile_step = 0.005;

/// Of values that are not NaN, in any order.
[[nodiscard]] ValueFigures value_figures(std::vector<double> values);

/// The edges of `bins` equal bins from the 0.5 % to the 99.5 % quantile of all sets taken together, each set counting alike:
/// few outlying values leave the bins where they are. Never of no width. Without a set: none.
[[nodiscard]] std::vector<double> common_edges(std::span<const ValueFigures> sets, Index bins);

/// Adds to `counts` how many values lie below the bins, in each of them, and above: bins + 2 numbers. A bin has its lower
/// edge, the last one both.
void count_values(std::span<const double> values, std::span<const double> edges, std::span<Index> counts);

/// What two histograms have in common: the sum of the smaller shares, 1 where they are equal, 0 where they share no bin.
[[nodiscard]] double overlap_of(std::span<const double> a, std::span<const double> b);

}  // namespace tare::stats
