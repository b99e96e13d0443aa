// From a cohort to the moments of its training rows, wherever the values are; and which voxels are harmonised.
#pragma once

#include <optional>

#include "cohort_input.hpp"
#include "tare/stats/combat.hpp"

namespace tare::commands {

/// The moments of the training rows of a shard (of all training rows where the command knows no shards). The design is that
/// of all training rows, so that shards go together.
[[nodiscard]] stats::Moments training_moments(CohortInput& input, const cli::ParsedOptions& options,
                                              base::Workspace& workspace, cli::Context& context);

/// The model of the cohort's training rows: moments, the voxels that can be harmonised, the fit with a second look at the
/// rows where the method needs one, and one model after another where there are several batch variables. With --site-order
/// auto the cohort's batch variables change places.
[[nodiscard]] stats::CombatModel fitted_model(CohortInput& input, const cli::ParsedOptions& options,
                                              const stats::CombatOptions& method, const compute::Backend& backend,
                                              base::Workspace& workspace, cli::Context& context);

/// The model with the sites that it has never seen, as far as rows that may train show them; nothing where they show none.
[[nodiscard]] std::optional<stats::CombatModel> with_unseen_sites(CohortInput& input, const stats::CombatModel& model,
                                                                  const compute::Backend& backend,
                                                                  base::Workspace& workspace, cli::Context& context,
                                                                  stats::KeepIds keep_ids);

/// Moments of images without a mask: only the voxels that can be harmonised, and those above --mask-threshold. Moments of
/// anything else come back as they are.
[[nodiscard]] stats::Moments within_mask(stats::Moments moments, const cli::ParsedOptions& options,
                                         base::Workspace& workspace, base::Log& log);

/// One checksum for all training images, in the order of the table: with the options it stands for the model.
[[nodiscard]] std::string training_fingerprint(CohortInput& input);

/// Adds the images that were read to the files of the input.
void add_image_files(CohortInput& input);

}  // namespace tare::commands
