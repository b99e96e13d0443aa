// Which structures of a segmentation are measured, and what they are called: --labels, --label-names, --groups,
// --structures.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fitting.hpp"
#include "measure_table.hpp"
#include "tare/cli/command_spec.hpp"
#include "tare/cli/context.hpp"
#include "tare/cli/parsed_options.hpp"
#include "tare/data/label_names.hpp"
#include "tare/data/volume.hpp"

namespace tare::commands {

/// --labels, --label-names, --groups, --structures.
[[nodiscard]] cli::OptionGroup label_options();

/// A structure of one segmentation: the voxels that have one of its labels.
struct ChosenStructure {
    long long order = 0;  ///< as in StructureValues
    std::string name;
    std::vector<std::int32_t> labels;  ///< sorted, each once
};

class LabelChoice {
public:
    /// Reads the files that --label-names and --groups name. Throws Error: 64 for an unknown set of groups; as the readers.
    LabelChoice(const cli::ParsedOptions& options, Results& results, cli::Context& context);

    /// The structures to measure in this segmentation, read from `path`: those of --groups, else every label but 0 that it
    /// has; of them those that --structures names. Throws Error (64) for a name there that no label of it can have.
    [[nodiscard]] std::vector<ChosenStructure> structures(const data::Segmentation& segmentation,
                                                          const std::string& path) const;
    /// Tells the table of the structures that are asked for one by one, so that every image has them, if only as n/a; `path`
    /// is that of a segmentation.
    void expect_in(MeasureTable& table, const std::string& path) const;
    /// The files that were read.
    [[nodiscard]] const std::vector<io::InputFile>& files() const noexcept { return files_; }

private:
    [[nodiscard]] bool is_wanted(const std::string& name, const std::vector<std::int32_t>& labels) const;
    [[nodiscard]] const data::LabelNames* names_of(const std::string& path) const;
    /// The label that an item of --structures means, where it is one.
    [[nodiscard]] std::optional<std::int32_t> label_named(const std::string& item, const std::string& path) const;
    void check_wanted(const std::string& path) const;
    [[nodiscard]] std::string name_of(std::int32_t label, const std::string& path) const;

    /// A set of FreeSurfer's, whose labels depend on how the cortex is labelled, or groups told by the user.
    struct GroupSource {
        std::string set;
        std::vector<data::LabelGroup> told;
    };
    [[nodiscard]] std::vector<ChosenStructure> grouped(bool parcellated) const;

    std::optional<data::LabelNames> names_;
    std::vector<GroupSource> groups_;
    std::vector<std::string> wanted_;
    std::vector<io::InputFile> files_;
};

}  // namespace tare::commands
