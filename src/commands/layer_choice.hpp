// Which layers tare-thickness measures: --gray and --white.
#pragma once

#include <string>
#include <vector>

#include "tare/cli/command_spec.hpp"
#include "tare/cli/parsed_options.hpp"
#include "tare/imaging/thickness.hpp"

namespace tare::commands {

struct ChosenLayer {
    std::string name;  ///< empty where there is one layer and it has no name
    imaging::LayerLabels labels;
};

/// --gray, --white.
[[nodiscard]] cli::OptionGroup layer_options();

/// Throws Error (64).
[[nodiscard]] std::vector<ChosenLayer> chosen_layers(const cli::ParsedOptions& options);

}  // namespace tare::commands
