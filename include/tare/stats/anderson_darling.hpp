// Do samples come from one distribution, whatever that is? Anderson's and Darling's test for k samples (Scholz, Stephens
// 1987), with p from the limit distribution itself instead of from a table of its percentiles.
#pragma once

#include <vector>

#include "tare/stats/site_tests.hpp"

namespace tare::stats {

/// The limit of A² for m + 1 samples: Σⱼ χ²ₘ/(j(j + 1)), j = 1, 2, …
class AndersonDarlingLimit {
public:
    /// m ≥ 1. Computes the characteristic function once, for as many tails as are asked for.
    explicit AndersonDarlingLimit(Index m);

    [[nodiscard]] Index m() const noexcept { return m_; }
    /// P(A² ≥ x): to 1e-11 by inverting the characteristic function, and below 1e-9 to an eighth of itself by
    /// Lugannani's and Rice's (1980) approximation.
    [[nodiscard]] double upper_tail(double x) const;

private:
    [[nodiscard]] double far_tail(double x) const;

    Index m_;
    double step_ = 0.0;
    struct Node {
        double weight, phase;
    };
    std::vector<Node> nodes_;  ///< at (i + ½)·step
};

/// A² in the version that is not corrected for ties, less its mean, by its SD; p of the limit distribution; no effect size
/// (NaN). `limit` saves time where it is that of the number of groups. Not a number for fewer than two groups, fewer than
/// four values, or values that are all the same.
[[nodiscard]] GroupTest anderson_darling(const Groups& groups, const AndersonDarlingLimit* limit = nullptr);

}  // namespace tare::stats
