// The values of the training rows, for the methods that do not follow from moments alone: a matrix in memory, or in a
// temporary file where it is larger than the workspace, and what the fit needs of every row beside them.
#pragma once

#include <vector>

#include "tare/stats/moments.hpp"

namespace tare::stats {

struct TrainingRows {
    Matrix<double> values;      ///< rows × features; NaN where missing
    std::vector<Index> site;    ///< per row: position among the moments' sites
    std::vector<Index> person;  ///< per row: 0 … people − 1; empty where the cohort does not say
    Index people = 0;
    Matrix<double> codes;        ///< rows × terms
    Matrix<double> scale_codes;  ///< rows × terms of the spread's design
};

/// The training rows of `moments`, in cohort order. `scale_design` may be empty. Throws Error (65) for a missing covariate,
/// (74) where a temporary file has no room, and what the source throws.
[[nodiscard]] TrainingRows training_rows(const data::TrainingSet& training, const Moments& moments,
                                         const Design& scale_design, data::RowSource& source, base::Workspace& workspace,
                                         base::Log& log);

/// Features that miss the same rows.
struct ObservedGroup {
    std::vector<Index> rows;  ///< those that are there
    std::vector<Index> features;
};
/// All features, grouped; those with every row first.
[[nodiscard]] std::vector<ObservedGroup> observed_groups(const Matrix<double>& values);

}  // namespace tare::stats
