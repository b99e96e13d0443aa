// One run of one command, as tare-VERB or through the dispatcher.
#pragma once

#include <span>
#include <string>

#include "tare/cli/command_spec.hpp"

namespace tare::cli {

/// Answers --help and --version or runs the command. `typed` is what stood before the arguments on the command line,
/// quoted for a shell. Throws what the command throws, and Error where the options are wrong.
void run_command(const CommandSpec& spec, const std::string& typed, std::span<const std::string> arguments);

}  // namespace tare::cli
