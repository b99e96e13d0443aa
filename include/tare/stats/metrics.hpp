// How well predictions meet the truth, and how that varies over repeats. What the data leave undefined is NaN.
#pragma once

#include <span>

#include "tare/base/matrix.hpp"

namespace tare::stats {

using base::Index;
using base::Matrix;

struct RegressionMetrics {
    Index rows = 0;
    double mae = 0.0;   ///< Σ|y − ŷ|/n
    double rmse = 0.0;  ///< √(Σ(y − ŷ)²/n)
    double r2 = 0.0;    ///< 1 − Σ(y − ŷ)²/Σ(y − ȳ)²; NaN where the truth does not vary
    double r = 0.0;     ///< Pearson's; NaN where truth or predictions do not vary
};
/// All NaN where there is no row or a value is missing. Throws std::logic_error for unequal lengths.
[[nodiscard]] RegressionMetrics regression_metrics(std::span<const double> truth, std::span<const double> predicted);

struct ClassificationMetrics {
    Index rows = 0;
    double accuracy = 0.0;
    double balanced_accuracy = 0.0;  ///< mean share of a class that is recognised, over the classes that the truth has
    double auc = 0.0;                ///< of two classes; of more the mean of one against the rest, over the truth's classes
    double sensitivity = 0.0;        ///< the share of the last of two classes that is recognised; NaN of more classes
    double specificity = 0.0;        ///< the same of the first
};
/// From labels 0 … classes − 1 and `scores` (rows × classes, larger = more likely, comparable between rows; may be empty).
/// Of two classes the last one's scores count. Balanced accuracy and AUC are NaN where the truth has fewer than two
/// classes, AUC also without scores or where one is NaN. Throws std::logic_error for unequal lengths or other labels.
[[nodiscard]] ClassificationMetrics classification_metrics(Index classes, std::span<const Index> truth,
                                                           std::span<const Index> predicted, const Matrix<double>& scores);

/// The same balanced accuracy alone, for loops over thousands of permutations.
[[nodiscard]] double balanced_accuracy(Index classes, std::span<const Index> truth, std::span<const Index> predicted);

/// The probability that a row of the class `positive` scores above one of another class, ties counting half:
/// (R₊ − n₊(n₊+1)/2)/(n₊n₋) with the positive rows' sum of mid-ranks R₊ (Mann, Whitney 1947). NaN where the truth has only
/// one kind or a score is NaN. Throws std::logic_error for unequal lengths.
[[nodiscard]] double area_under_curve(std::span<const double> scores, std::span<const Index> truth, Index positive);

/// A metric over repeats.
struct Interval {
    Index defined = 0;  ///< values that are not NaN; the others are left out
    double mean = 0.0;  ///< NaN of none
    double sd = 0.0;    ///< divisor n − 1; NaN of fewer than two
    double low = 0.0;   ///< 2.5 % quantile between order statistics (type 7 of Hyndman, Fan 1996); NaN of none
    double high = 0.0;  ///< 97.5 %
};
[[nodiscard]] Interval interval_of(std::span<const double> over_repeats);

/// The quantile (type 7) of values that are not NaN; NaN of none. `share` is 0 … 1.
[[nodiscard]] double quantile_of(std::span<const double> values, double share);

}  // namespace tare::stats
