// Shared steps of the commands that fit and write.
#include "fitting.hpp"

#include <filesystem>
#include <utility>

#include "tare/base/error.hpp"

namespace tare::commands {

io::Parameters shaping_parameters(const cli::CommandSpec& spec, const cli::ParsedOptions& options) {
    io::Parameters out;
    for (const auto& [name, value] : options.resolved()) {
        const cli::OptionSpec* option = cli::find_option(spec, name);
        const bool shapes = option->kind != cli::OptionKind::path && option->kind != cli::OptionKind::output &&
                            name != "unseen-site" && name != "device" && name != "datatype" && name != "resume" &&
                            name != "shard" && name != "return";
        if (shapes) out.emplace_back(name, value);
    }
    return out;
}

void check_folder_name(const std::string& path, const std::string& what, bool overwrite) {
    if (path == "-") throw base::usage_error(what + " are a folder, which cannot be standard output", "--output FOLDER");
    if (std::filesystem::is_regular_file(path)) {
        throw base::Error(base::ExitCode::cannot_create, path + ": is a file, and " + what + " are a folder");
    }
    if (!overwrite && std::filesystem::is_directory(path) && !std::filesystem::is_empty(path)) {
        throw base::Error(base::ExitCode::cannot_create, path + ": is a folder that is not empty",
                          "--force replaces the files of the same names in it");
    }
}

Results::Results(const cli::CommandSpec& spec, const cli::ParsedOptions& options, cli::Context& context, bool overwrite)
    : spec_(spec),
      options_(options),
      context_(context),
      folders_(context.unfinished),
      outputs_(context.unfinished, context.force || overwrite) {}

void Results::protect(const std::string& path) {
    if (path == "-" && std::exchange(reads_standard_input_, true)) {
        throw base::usage_error("two inputs are standard input, which can be read only once");
    }
    outputs_.protect(path);
}

io::Output& Results::open(const std::string& path) {
    io::Output& output = outputs_.open(path);
    if (output.is_file()) sidecars_.push_back(&outputs_.open(io::sidecar_path(path)));
    return output;
}

void Results::protect_given(std::initializer_list<const char*> options) {
    for (const char* name : options) {
        if (options_.given(name)) protect(options_.text(name));
    }
}

io::Output& Results::open_in(const std::string& folder, const std::string& name) {
    const std::string path = (std::filesystem::path(folder) / name).string();
    folders_.create_for(path);
    return open(path);
}

io::Provenance Results::provenance(const std::vector<io::InputFile>& inputs, std::optional<std::uint64_t> seed) const {
    io::Provenance out{spec_.program(), options_.command_line(), inputs, options_.resolved(), seed, context_.device};
    std::erase_if(out.parameters, [&](const auto& parameter) { return left_out_.contains(parameter.first); });
    return out;
}

void Results::commit(const std::vector<io::InputFile>& inputs, std::optional<std::uint64_t> seed) {
    for (io::Output* sidecar : sidecars_) io::write_sidecar(*sidecar, provenance(inputs, seed));
    outputs_.commit();
    folders_.keep();
}

}  // namespace tare::commands
