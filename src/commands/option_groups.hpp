// Options that several commands share, so that a name means the same everywhere.
#pragma once

#include "tare/cli/command_spec.hpp"

namespace tare::commands {

/// --input, --participants, --id, --session, --site. With `model_given`, names default to those of the model.
[[nodiscard]] cli::OptionGroup table_options(bool model_given, bool input_required);

/// --features, --exclude.
[[nodiscard]] cli::OptionGroup feature_options(bool model_given);

/// --covariates, --categorical, --train-where.
[[nodiscard]] cli::OptionGroup design_options();

/// --method, --prior, --mean-only, --reference, --convention.
[[nodiscard]] cli::OptionGroup method_options();

[[nodiscard]] cli::OptionSpec unseen_site_option();
[[nodiscard]] cli::OptionSpec no_training_ids_option();

}  // namespace tare::commands
