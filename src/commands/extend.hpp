// tare-fit --extend: a model gets the sites that came later.
#pragma once

#include "tare/cli/context.hpp"
#include "tare/cli/parsed_options.hpp"

namespace tare::commands {

/// Reads the model of --extend and the new sites' rows, and writes the model with these sites added and nothing else
/// changed.
void extend_model(const cli::CommandSpec& spec, const cli::ParsedOptions& options, cli::Context& context);

}  // namespace tare::commands
