// From the options of the validating commands to targets, folds, learners and what they may do.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cohort_input.hpp"
#include "tare/learn/validation.hpp"

namespace tare::commands {

/// True where the name is among the names.
[[nodiscard]] bool has(const std::vector<std::string>& names, const std::string& name);

/// What one run predicts.
struct Prediction {
    std::string name;                  ///< of the column
    learn::Targets targets;            ///< per subject; whatever where it is missing
    std::vector<std::string> classes;  ///< names, sorted; the last is the positive one of two
    std::vector<bool> known;           ///< per subject: has it a target?
};

/// The columns that folds and learners need beside the covariates.
[[nodiscard]] std::vector<data::CovariateRole> validation_columns(const cli::ParsedOptions& options);

/// What --target, --task and --positive say. Throws Error (64, 65).
[[nodiscard]] Prediction prediction_of(const CohortInput& input, const cli::ParsedOptions& options);

/// What --learner and what belongs to it say. Throws Error (64) where it does not suit the task.
[[nodiscard]] std::optional<learn::LearnerSpec> learner_choice(const cli::ParsedOptions& options, learn::Task task);

/// Which rows are tested together: [repeat][row that takes part], 0 to folds − 1.
struct Folds {
    std::vector<std::vector<data::Index>> of_row;  ///< [repeat]
    std::vector<data::Index> count;                ///< [repeat]
};

/// What --folds, --repeats, --stratify, --leave-site-out and --fold-column say. `groups`: per row that takes part, or none.
[[nodiscard]] Folds folds_of(const CohortInput& input, const std::vector<data::Index>& rows, const Prediction* prediction,
                             const std::vector<std::string>& groups, const cli::ParsedOptions& options);

/// Which rows belong together, per subject: --group, or else whoever was measured.
[[nodiscard]] std::vector<std::string> groups_of(const CohortInput& input, const cli::ParsedOptions& options);

/// Who was measured, per subject: the id without the session where there are sessions; else nothing.
[[nodiscard]] std::vector<std::string> people_of(const CohortInput& input);

/// The harmonisation that the options declare.
[[nodiscard]] stats::FitRequest fit_request(const CohortInput& input, const cli::ParsedOptions& options);

/// Every covariate that it knows of a row, of the mean or of the spread, each once.
[[nodiscard]] std::vector<std::string> known_covariates(const stats::FitRequest& harmonisation);

/// Loads a matrix into memory; a table is there already. Throws Error (71).
void load_values(CohortInput& input, const cli::ParsedOptions& options, const base::Resources& resources);

}  // namespace tare::commands
