// The values of a cohort where they are not in memory: a mapped matrix or images, checked against the table of participants.
#pragma once

#include <span>

#include "cohort_input.hpp"

namespace tare::commands {

/// Throws Error (64) for options of tables, matrices and images that do not go together.
void check_value_options(const cli::ParsedOptions& options);

/// Throws Error (64) where the values are not of the kind that the model was fitted on.
void check_fits_model(const cli::ParsedOptions& options, const stats::CombatModel& model);

/// The values are in `input.cohort`.
void attach_table(CohortInput& input);

/// Opens --input. Throws Error (65) unless it has one row for each participant.
void attach_matrix(CohortInput& input, const cli::ParsedOptions& options, const base::Resources& resources);

/// Looks at the images of `rows` and at --mask. Throws Error (65) where they do not lie on one grid.
void attach_images(CohortInput& input, const cli::ParsedOptions& options, std::span<const data::Index> rows,
                   cli::Context& context);

/// The same for images that lie on the grid of a model, whose voxels they are to be harmonised in.
void attach_model_images(CohortInput& input, const cli::ParsedOptions& options, const io::SavedModel& saved,
                         std::span<const data::Index> rows, const base::Resources& resources);

}  // namespace tare::commands
