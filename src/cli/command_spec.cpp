// The options that every command has, and the look-up of an option by its name.
#include "tare/cli/command_spec.hpp"

#include <algorithm>

namespace tare::cli {

namespace {

const OptionSpec* find_in(const OptionGroup& group, const std::string& name) {
    const auto found = std::ranges::find(group.options, name, &OptionSpec::name);
    return found == group.options.end() ? nullptr : &*found;
}

}  // namespace

const OptionGroup& common_options() {
    static const OptionGroup group{
        .title = "Common options",
        .options = {
            {.name = "help",
             .kind = OptionKind::flag,
             .value_name = "[=man|markdown|bash]",
             .help = "Print this help, or the same as a man page, as Markdown or as a bash completion.",
             .choices = {"man", "markdown", "bash"}},
            {.name = "version", .kind = OptionKind::flag, .value_name = {}, .help = "Print the version."},
            {.name = "threads",
             .kind = OptionKind::integer,
             .value_name = "N",
             .help = "Threads to use. Without it OMP_NUM_THREADS counts, then SLURM_CPUS_PER_TASK.",
             .default_note = "all CPUs the process may use"},
            {.name = "memory",
             .kind = OptionKind::text,
             .value_name = "SIZE",
             .help = "Upper bound of the working set, as in 512M, 4G or 1.5GiB.",
             .default_note = "the memory of the machine or of the job"},
            {.name = "quiet",
             .kind = OptionKind::flag,
             .value_name = {},
             .help = "Say nothing but warnings and errors, and draw no progress bar."},
            {.name = "verbose", .kind = OptionKind::flag, .value_name = {}, .help = "Say more about every step."},
            {.name = "force",
             .kind = OptionKind::flag,
             .value_name = {},
             .help = "Replace outputs that exist; without it they are refused."},
            {.name = "device",
             .kind = OptionKind::text,
             .value_name = "DEVICE",
             .help = "Where to compute: cpu, cuda, cuda:N, or auto for a GPU if there is one. A device that is asked for "
                     "and not there is an error; only auto falls back to the CPU, and says so.",
             .default_text = "cpu",
             .choices = {"cpu", "cuda", "auto"}},
        }};
    return group;
}

const OptionSpec* find_option(const CommandSpec& spec, const std::string& name) {
    for (const OptionGroup& group : spec.groups) {
        if (const OptionSpec* const option = find_in(group, name)) {
            return option;
        }
    }
    return find_in(common_options(), name);
}

}  // namespace tare::cli
