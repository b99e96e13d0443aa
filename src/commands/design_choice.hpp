// Which covariates a command is to use, and how: as lines, categories or curves.
#pragma once

#include <string>
#include <vector>

#include "tare/cli/parsed_options.hpp"
#include "tare/data/cohort_builder.hpp"
#include "tare/stats/design.hpp"

namespace tare::commands {

/// What --smooth and --smooth-bounds say. Throws Error (64).
[[nodiscard]] std::vector<stats::SmoothRequest> smooth_requests(const cli::ParsedOptions& options);

/// The covariates of the mean: those of --covariates, then those of --smooth that are not among them.
[[nodiscard]] std::vector<std::string> mean_covariates(const cli::ParsedOptions& options);

/// The columns of --covariates, --smooth and, where the command has it, --scale-covariates, each once. Throws Error (64).
[[nodiscard]] std::vector<data::CovariateRole> covariate_roles(const cli::ParsedOptions& options);

/// The option that makes a column a covariate, for messages; of a model that is applied or extended, --covariates.
[[nodiscard]] std::string covariate_option(const cli::ParsedOptions& options, const std::string& covariate);

}  // namespace tare::commands
