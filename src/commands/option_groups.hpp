// Options that several commands share, so that a name means the same everywhere.
#pragma once

#include "tare/cli/command_spec.hpp"

namespace tare::commands {

/// --input, --participants, --id, --session, --site. With `model_given`, names default to those of the model.
[[nodiscard]] cli::OptionGroup table_options(bool model_given);

/// --images, and with `fitting` --mask and --mask-threshold.
[[nodiscard]] cli::OptionGroup image_options(bool fitting);

/// --output-images, --datatype, --resume.
[[nodiscard]] std::vector<cli::OptionSpec> image_result_options();

[[nodiscard]] cli::OptionSpec mask_threshold_option();
[[nodiscard]] cli::OptionSpec shard_option(const std::string& what);

/// --features, --exclude.
[[nodiscard]] cli::OptionGroup feature_options(bool model_given);

/// --covariates, --categorical, --smooth, --smooth-bounds, --transform, --train-where.
[[nodiscard]] cli::OptionGroup design_options();

/// --method and what belongs to the methods, --prior, --mean-only, --reference, --convention.
[[nodiscard]] cli::OptionGroup method_options();

[[nodiscard]] cli::OptionSpec unseen_site_option(bool model_given);
[[nodiscard]] cli::OptionSpec return_option();
[[nodiscard]] cli::OptionSpec no_training_ids_option();

}  // namespace tare::commands
