// Every command of the suite, by name and as a list: what the small programs and the dispatcher `tare` are made of.
#pragma once

#include <span>

#include "tare/cli/command_spec.hpp"

namespace tare::commands {

[[nodiscard]] const cli::CommandSpec& apply();
[[nodiscard]] const cli::CommandSpec& cv();
[[nodiscard]] const cli::CommandSpec& efficacy();
[[nodiscard]] const cli::CommandSpec& fit();
[[nodiscard]] const cli::CommandSpec& fractal();
[[nodiscard]] const cli::CommandSpec& freesurfer();
[[nodiscard]] const cli::CommandSpec& harmonise();
[[nodiscard]] const cli::CommandSpec& info();
[[nodiscard]] const cli::CommandSpec& iqm();
[[nodiscard]] const cli::CommandSpec& merge();
[[nodiscard]] const cli::CommandSpec& moments();
[[nodiscard]] const cli::CommandSpec& normalise();
[[nodiscard]] const cli::CommandSpec& report();
[[nodiscard]] const cli::CommandSpec& roi();
[[nodiscard]] const cli::CommandSpec& simulate();
[[nodiscard]] const cli::CommandSpec& texture();
[[nodiscard]] const cli::CommandSpec& thickness();

/// All of them, in the order in which they are listed to a user.
[[nodiscard]] std::span<const cli::CommandSpec* const> all();

}  // namespace tare::commands
