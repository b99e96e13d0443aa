// The values of some rows of a cohort in memory, as they came or as a model leaves them, for a learner to look at.
#pragma once

#include <span>
#include <string>

#include "tare/stats/application.hpp"

namespace tare::learn {

using base::Index;
using base::Matrix;

/// The rows as they are: rows × features.
[[nodiscard]] Matrix<double> raw_values(const data::Cohort& cohort, std::span<const Index> rows);

/// What becomes of rows of a site that the model has never seen.
enum class NewSite {
    error,    ///< Error (65)
    keep,     ///< they stay as they are
    estimate  ///< their site's effects are estimated from these rows, all else as the model has it
};

struct ApplyChoice {
    NewSite new_site = NewSite::error;
    std::vector<std::string> hold_out = {};  ///< covariates whose training mean is used
};

/// The rows as the model leaves them: rows × features. `people` has the covariates, and is the cohort itself or a copy of it
/// with other covariates. Throws Error like stats::Application and stats::extended.
[[nodiscard]] Matrix<double> harmonised_values(const stats::CombatModel& model, const data::Cohort& cohort,
                                               const data::Cohort& people, std::span<const Index> rows,
                                               const ApplyChoice& choice, const compute::Backend& backend, base::Log& log);

}  // namespace tare::learn
