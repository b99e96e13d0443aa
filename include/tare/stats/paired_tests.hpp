// Tests over repeats and permutations: is one series of paired values greater, and how rare is a statistic when labels are
// shuffled, also when shuffling stops as soon as the answer is clear.
#pragma once

#include <span>

#include "tare/base/matrix.hpp"

namespace tare::stats {

using base::Index;

enum class Alternative { greater, less };

struct SignedRank {
    Index differences = 0;  ///< that are not zero
    double rank_sum = 0.0;  ///< W₊: the mid-ranks of the positive ones among all absolute differences
    double p = 1.0;         ///< one-sided
    bool exact = false;
};
/// Wilcoxon's signed-rank test (Wilcoxon 1945) of first − second being shifted above (or below) zero. Zeros are left out.
/// Exact for up to 25 differences without ties or zeros; else normal with the correction for ties and for continuity,
/// z = (W₊ − n(n+1)/4 ∓ ½)/√(n(n+1)(2n+1)/24 − Σ(t³−t)/48), as R's wilcox.test. Without any difference p is 1; NaN where a
/// value is missing. Throws std::logic_error for unequal lengths.
[[nodiscard]] SignedRank signed_rank_test(std::span<const double> first, std::span<const double> second,
                                          Alternative alternative);

/// p = (1 + #{T* ≥ T})/(1 + N) of N statistics under permuted labels (Phipson, Smyth 2010): never 0, and the test keeps its
/// level. Differences within 1e-12 of |T| count as equal, since sums in another order round differently. NaN where
/// `observed` is NaN; a permutation without a statistic (NaN) counts as if it reached T.
[[nodiscard]] double permutation_p(double observed, std::span<const double> permuted);

/// Permutations one after another that end early (Besag, Clifford 1991): as soon as `enough` of them reach the observed
/// statistic, after l of them, p = enough/l; if that has not happened after `most`, p = (1 + reached)/(1 + most).
class SequentialPermutations {
public:
    /// Throws std::logic_error unless enough ≥ 1 and most ≥ 1.
    SequentialPermutations(double observed, Index most, Index enough = 10);

    /// Takes the next statistic; those after the end are ignored, so that a batch computed at once gives the same p.
    void add(double permuted);
    [[nodiscard]] bool ended() const noexcept { return reached_ >= enough_ || done_ >= most_; }
    [[nodiscard]] Index done() const noexcept { return done_; }
    [[nodiscard]] Index reached() const noexcept { return reached_; }
    /// Before the end: (1 + reached)/(1 + done), what it would be if this were all. NaN where the observed is.
    [[nodiscard]] double p() const noexcept;

private:
    double observed_;
    Index most_, enough_, done_ = 0, reached_ = 0;
};

}  // namespace tare::stats
