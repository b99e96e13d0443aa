// The dispatcher: `tare VERB ...` does what tare-VERB does.
#include "tare/cli/program.hpp"
#include "tare/commands/registry.hpp"

int main(int argc, char** argv) {
    return tare::cli::run_dispatcher(tare::commands::all(), argc, argv);
}
