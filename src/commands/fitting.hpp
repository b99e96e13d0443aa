// What the commands that fit have in common: the model's own parameters, results on disk.
#pragma once

#include <initializer_list>
#include <set>

#include "cohort_input.hpp"
#include "tare/cli/command_spec.hpp"
#include "tare/io/folders.hpp"
#include "tare/io/output.hpp"
#include "tare/stats/combat.hpp"

namespace tare::commands {

/// The options that shaped a fit, without the names of files: for the model's own provenance.
[[nodiscard]] io::Parameters shaping_parameters(const cli::CommandSpec& spec, const cli::ParsedOptions& options);

/// Throws Error unless `path` can be the folder of a model or of moments of images and matrices: 64 for standard output, 73
/// for a file, and for a folder that holds something already, unless it may be overwritten.
void check_folder_name(const std::string& path, const std::string& what, bool overwrite);

/// Results are opened before anything is read, so that a name that cannot be written costs no computation; each file
/// gets its sidecar when `commit` is called.
class Results {
public:
    /// With `overwrite` results that exist are replaced, as with --force.
    Results(const cli::CommandSpec& spec, const cli::ParsedOptions& options, cli::Context& context, bool overwrite = false);

    /// Declares a file that is read, which no result may replace. Throws Error (64) for standard input the second time.
    void protect(const std::string& path);
    /// Declares what the options of this name say, where they are given.
    void protect_given(std::initializer_list<const char*> options);
    io::Output& open(const std::string& path);
    /// Opens `name` in `folder`, which is made where it is not there yet, and taken away again where nothing comes into it.
    io::Output& open_in(const std::string& folder, const std::string& name);
    /// The outputs, for files beside those opened.
    [[nodiscard]] io::OutputSet& outputs() noexcept { return outputs_; }
    /// Options that have no part in this run, so that no sidecar lists them.
    void leave_out(const std::vector<std::string>& names) { left_out_.insert(names.begin(), names.end()); }
    /// What every sidecar of this run says.
    [[nodiscard]] io::Provenance provenance(const std::vector<io::InputFile>& inputs,
                                            std::optional<std::uint64_t> seed = std::nullopt) const;
    /// Writes the sidecars and gives everything its name.
    void commit(const std::vector<io::InputFile>& inputs, std::optional<std::uint64_t> seed = std::nullopt);

private:
    const cli::CommandSpec& spec_;
    const cli::ParsedOptions& options_;
    cli::Context& context_;
    io::CreatedFolders folders_;
    io::OutputSet outputs_;
    std::vector<io::Output*> sidecars_;
    std::set<std::string> left_out_;
    bool reads_standard_input_ = false;
};

}  // namespace tare::commands
