// Robust location and scale of a few values: the median, and the biweight midvariance (Mosteller and Tukey 1977; Beers,
// Flynn and Gebhardt 1990) with a tuning of nine normal standard deviations, as robust ComBat uses them.
#pragma once

#include <span>

namespace tare::stats {

/// The middle value, or the mean of the two middle ones; NaN of no values or where one is not finite.
[[nodiscard]] double median(std::span<const double> values);

/// n·Σd²(1−u²)⁴ / (Σ(1−u²)(1−5u²))² over |u| < 1, with d the distance from `centre` and u = d / (c·MAD), where the MAD is
/// the median of |d| as it is and c = 9/0.6745, so that c·MAD is 9σ of normal values. Where the MAD is 0 to rounding (half
/// of the values are the centre), nothing can be trimmed in units of it: the mean square about the centre, to which the
/// formula goes as the tuning grows. NaN of no values or where one is not finite.
[[nodiscard]] double biweight_midvariance(std::span<const double> values, double centre);

/// The same about the median.
[[nodiscard]] double biweight_midvariance(std::span<const double> values);

/// Σ(x − centre)² / n.
[[nodiscard]] double mean_square(std::span<const double> values, double centre);

/// True where at least half of the values are their median, to rounding.
[[nodiscard]] bool half_tied(std::span<const double> values);

}  // namespace tare::stats
