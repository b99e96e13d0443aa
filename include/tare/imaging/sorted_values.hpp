// What can be told of values in ascending order: quantiles, moments, and the same of a range of them.
#pragma once

#include <span>
#include <vector>

namespace tare::imaging {

/// The quantile at `share` (0 to 1) of ascending values, interpolated linearly between order statistics: the rule that numpy
/// and R (type 7) have as theirs, rounded as numpy does. There must be at least one value.
[[nodiscard]] double sorted_quantile(std::span<const double> ascending, double share) noexcept;

/// Of values that are all equal, the mean is that value, and all else 0 or not a number.
struct Moments {
    double mean = 0.0;
    double squares = 0.0;          ///< sum of squared deviations from the mean
    double sd = 0.0;               ///< divides by n
    double skewness = 0.0;         ///< of moments that divide by n, as is kurtosis; not a number where sd is 0
    double excess_kurtosis = 0.0;  ///< likewise
};

/// Summed from the smallest to the largest, around one of them, so that it does not depend on the order of voxels and a
/// large common offset costs no digits. At least one value.
[[nodiscard]] Moments sorted_moments(std::span<const double> ascending) noexcept;
[[nodiscard]] double sorted_mean(std::span<const double> ascending) noexcept;

/// Consistent estimate of a normal distribution's SD by the median absolute deviation from the median: MAD / 0.6745.
[[nodiscard]] double sorted_mad(std::span<const double> ascending);

}  // namespace tare::imaging
