// What a plot shows of many values: their quartiles and whiskers, or their mean along another quantity.
#pragma once

#include <span>
#include <vector>

#include "tare/base/matrix.hpp"

namespace tare::stats {

using base::Index;

/// What a box plot shows. Without values every figure is not a number.
struct BoxSummary {
    Index n = 0;
    double least, low_whisker, lower_quartile, median, upper_quartile, high_whisker, most;
    double mean, sd;
};

/// Quartiles as R's type 7; whiskers reach to the furthest value within 1.5 quartile ranges (Tukey 1977); n − 1 SD. Missing
/// values are left out.
[[nodiscard]] BoxSummary box_summary(std::span<const double> values);

/// The mean of y along x at `places`: straight lines fitted with Gaussian weights of SD `bandwidth` about each place. Not a
/// number outside the range of x and where fewer than three values are within two bandwidths.
[[nodiscard]] std::vector<double> local_means(std::span<const double> x, std::span<const double> y,
                                              std::span<const double> places, double bandwidth);

/// Pearson's correlation of the people that have both; NaN for fewer than three, or where one does not vary.
[[nodiscard]] double correlation_of(std::span<const double> x, std::span<const double> y);

}  // namespace tare::stats
