// What can be told of values in ascending order: quantiles, moments, and the same of a range of them.
#pragma once

#include <span>
#include <vector>

namespace tare::imaging::detail {

/// The quantile at `share` (0 to 1) of ascending values, interpolated linearly between order statistics: the rule that numpy
/// and R (type 7) have as theirs. There must be at least one value.
[[nodiscard]] double sorted_quantile(std::span<const double> ascending, double share) noexcept;

struct Moments {
    double mean = 0.0;
    double sd = 0.0;               ///< divides by n
    double excess_kurtosis = 0.0;  ///< of moments that divide by n; not a number where sd is 0
};

/// Summed from the smallest to the largest, so that it does not depend on the order of voxels. At least one value.
[[nodiscard]] Moments sorted_moments(std::span<const double> ascending) noexcept;

/// Consistent estimate of a normal distribution's SD by the median absolute deviation from the median: MAD / 0.6745.
[[nodiscard]] double sorted_mad(std::span<const double> ascending);

}  // namespace tare::imaging::detail
