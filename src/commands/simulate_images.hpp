// The part of tare-simulate that makes images.
#pragma once

#include "tare/cli/command_spec.hpp"
#include "tare/cli/context.hpp"
#include "tare/cli/parsed_options.hpp"
#include "tare/stats/simulate.hpp"

namespace tare::commands {

/// The options that only images have.
[[nodiscard]] cli::OptionGroup simulated_image_options();

/// Throws Error (64) where options of tables stand beside --images, or options of images without it.
void check_simulated_kind(const cli::ParsedOptions& options);

/// A cohort of images: the people's table, an image of each, and what truth is asked for. `wanted` holds the people and the
/// effects, as for a table.
void simulate_images(const cli::CommandSpec& spec, const cli::ParsedOptions& options, cli::Context& context,
                     const stats::SimulationOptions& wanted);

}  // namespace tare::commands
