// From argv to the exit code: parse, help and version, signals, errors as one line, progress on a terminal.
#pragma once

#include <span>

#include "tare/cli/command_spec.hpp"

namespace tare::cli {

/// Runs one command as the program tare-VERB. Never throws; returns the exit code of DESIGN section 3.
int run_program(const CommandSpec& spec, int argc, char** argv);

/// Runs the dispatcher `tare`: `tare VERB ...` runs a command, `tare` alone lists them by group, `tare help VERB`.
int run_dispatcher(std::span<const CommandSpec* const> commands, int argc, char** argv);

}  // namespace tare::cli
