// From the options of a command to the method of a fit.
#pragma once

#include <string>

#include "tare/cli/parsed_options.hpp"
#include "tare/stats/combat.hpp"

namespace tare::commands {

/// Throws Error (64) for options that do not belong to the method, and for what the method does not do.
[[nodiscard]] stats::CombatOptions combat_options(const cli::ParsedOptions& options);

/// What --transform says.
[[nodiscard]] stats::Transform transform_option(const cli::ParsedOptions& options);

/// "ComBat, convention tare, parametric prior, reference s01".
[[nodiscard]] std::string described(const stats::CombatOptions& options);

}  // namespace tare::commands
