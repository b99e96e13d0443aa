// Measures that are positive and skewed can be harmonised as logarithms: rows are transformed as they are read, and the
// model says so.
#pragma once

#include <string>

#include "tare/base/error.hpp"
#include "tare/data/cohort.hpp"
#include "tare/data/features.hpp"
#include "tare/data/row_source.hpp"

namespace tare::stats {

enum class Transform {
    none,
    log  ///< natural logarithm; values must be positive
};

/// What a value that has no logarithm means.
enum class NotPositive {
    fault,   ///< an Error (65) that names it
    missing  ///< the same as a missing value
};

/// The logarithms of the rows of another source.
class LogRows final : public data::RowSource {
public:
    /// `cohort` and `features` are for messages; all must outlive this.
    LogRows(data::RowSource& source, const data::Cohort& cohort, const data::Features& features, NotPositive policy)
        : source_(source), cohort_(cohort), features_(features), policy_(policy) {}

    [[nodiscard]] data::Index features() const override { return source_.features(); }
    [[nodiscard]] data::Index most_rows(data::Index wanted) const override;
    [[nodiscard]] base::RowPointers rows(std::span<const data::Index> subjects) override;

private:
    data::RowSource& source_;
    const data::Cohort& cohort_;
    const data::Features& features_;
    NotPositive policy_;
    base::Matrix<double> logarithms_;
};

/// The error that a value of a subject is not positive.
[[nodiscard]] base::Error not_positive(const data::Cohort& cohort, data::Index subject, const data::Features& features,
                                       data::Index feature, double value);

}  // namespace tare::stats
