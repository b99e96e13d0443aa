// What became of every feature's values between the two tables of a report: were they only shifted and scaled?
#pragma once

#include <optional>

#include "report_state.hpp"
#include "tare/io/model_file.hpp"

namespace tare::commands {

/// Of people who have both values; takes the slopes before and after from `report`.
[[nodiscard]] report::Comparison comparison_of(const ReportPeople& people, const base::Matrix<double>& before,
                                               const base::Matrix<double>& after, const report::Report& report, int threads);

/// The features that have the name of a covariate: of one of the model's, or a usual one such as age.
[[nodiscard]] std::vector<std::string> named_as_covariates(const std::vector<std::string>& features,
                                                           const std::optional<io::SavedModel>& model);

}  // namespace tare::commands
