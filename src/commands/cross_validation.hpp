// A cross-validation as the options say: reads the cohort, refuses what would leak, runs fold by fold and writes as it goes.
#pragma once

#include "tare/cli/context.hpp"
#include "tare/cli/parsed_options.hpp"

namespace tare::commands {

/// What tare-cv does.
void cross_validate(const cli::ParsedOptions& options, cli::Context& context);

}  // namespace tare::commands
