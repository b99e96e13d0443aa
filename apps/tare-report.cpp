// The program tare-report.
#include "tare/cli/program.hpp"
#include "tare/commands/registry.hpp"

int main(int argc, char** argv) {
    return tare::cli::run_program(tare::commands::report(), argc, argv);
}
