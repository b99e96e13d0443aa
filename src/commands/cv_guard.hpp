// What a validation refuses, or lets pass with a loud warning where --allow or a policy says so: a target that harmonisation
// knows, covariates that give it away, people on both sides of a fold, sites that a fold never learns from.
#pragma once

#include "validation_choice.hpp"

namespace tare::commands {

/// Options that do not go together, before anything is read. Throws Error (64).
void check_cv_options(const cli::ParsedOptions& options);

/// Under which conditions to learn; `prediction` may be null. Throws Error (64) for a target that is a covariate too, unless
/// it is held out, compared or allowed.
[[nodiscard]] std::vector<learn::Condition> conditions_of(const cli::ParsedOptions& options, const Prediction* prediction,
                                                          const std::vector<std::string>& covariates, base::Log& log);

/// Covariates that are held out at apply beside the target. Throws Error (64).
[[nodiscard]] std::vector<std::string> held_out_covariates(const cli::ParsedOptions& options, const std::string& target,
                                                           const std::vector<std::string>& covariates);

/// The policy for sites without training rows. Throws Error (64) where it would look at the target of test rows, or the
/// method cannot be extended.
[[nodiscard]] learn::NewSite new_site_policy(const cli::ParsedOptions& options, const std::string& target,
                                             const stats::FitRequest& harmonisation);

/// Throws Error (64) for a target that is the id, or, unless it is allowed, the site.
void check_target(const CohortInput& input, const std::string& target, const cli::ParsedOptions& options, base::Log& log);

/// Throws Error (65) for a covariate that gives the target away.
void check_covariates(const CohortInput& input, const Prediction& prediction, const std::vector<data::Index>& rows,
                      const std::vector<std::string>& covariates, const cli::ParsedOptions& options, base::Log& log);

/// Throws Error (65) where rows of one group are in several folds. `groups`: per row that takes part, or none.
void check_people(const std::string& source, const std::vector<std::string>& groups, const Folds& folds,
                  const cli::ParsedOptions& options, base::Log& log);

/// Throws Error (65) where a fold tests a site that none of its training rows is of, unless a policy says what becomes of
/// it.
void check_sites(const CohortInput& input, const std::vector<data::Index>& rows, const Folds& folds,
                 const cli::ParsedOptions& options, base::Log& log);

}  // namespace tare::commands
