// Tail probabilities and quantiles of the distributions that tests need. Where an argument is not a number or a degree of
// freedom is not positive, so is the result.
#pragma once

namespace tare::stats {

/// P(F ≥ f) of Fisher's F with d1 and d2 degrees of freedom.
[[nodiscard]] double upper_tail_of_f(double f, double d1, double d2);
/// P(X ≥ x) of χ² with so many degrees of freedom.
[[nodiscard]] double upper_tail_of_chi_squared(double x, double degrees);
/// P(Z ≥ z) of the standard normal distribution.
[[nodiscard]] double upper_tail_of_normal(double z);
/// The value below which Student's t lies with probability `share`.
[[nodiscard]] double quantile_of_t(double share, double degrees);
/// The value below which a standard normal variable lies with probability `share`.
[[nodiscard]] double quantile_of_normal(double share);

}  // namespace tare::stats
