// The list of all commands.
#include "tare/commands/registry.hpp"

#include <array>

namespace tare::commands {

std::span<const cli::CommandSpec* const> all() {
    static const std::array<const cli::CommandSpec*, 17> commands{
        &harmonise(), &fit(),     &apply(),     &moments(), &merge(), &cv(),        &efficacy(), &report(),  &freesurfer(),
        &roi(),       &fractal(), &thickness(), &texture(), &iqm(),   &normalise(), &info(),     &simulate()};
    return commands;
}

}  // namespace tare::commands
