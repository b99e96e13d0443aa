// Which subjects may teach: a TrainingSet is only made by a split or by saying "all", so that whatever fits a model
// has been told, in its type, which rows it may look at.
#pragma once

#include <vector>

#include "tare/data/cohort.hpp"

namespace tare::data {

/// Rows of a cohort that a model may be fitted on. Refers to the cohort, which must outlive it.
class TrainingSet {
public:
    /// Every subject.
    [[nodiscard]] static TrainingSet all(const Cohort& cohort);

    [[nodiscard]] const Cohort& cohort() const noexcept { return *cohort_; }
    /// Positions in the cohort, ascending.
    [[nodiscard]] const std::vector<Index>& rows() const noexcept { return rows_; }

private:
    friend struct Split split_cohort(const Cohort&, const std::vector<bool>&);
    TrainingSet(const Cohort& cohort, std::vector<Index> rows) : cohort_(&cohort), rows_(std::move(rows)) {}

    const Cohort* cohort_;
    std::vector<Index> rows_;
};

struct Split {
    TrainingSet training;
    std::vector<Index> held_out;
};

/// Trains on the subjects marked true. Throws Error (65) if none is.
[[nodiscard]] Split split_cohort(const Cohort& cohort, const std::vector<bool>& trains);

}  // namespace tare::data
