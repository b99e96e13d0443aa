// The images that a measuring command goes through: whose they are, and which other files belong to each.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fitting.hpp"
#include "tare/cli/command_spec.hpp"
#include "tare/cli/context.hpp"
#include "tare/cli/parsed_options.hpp"
#include "tare/data/grid.hpp"
#include "tare/data/table.hpp"
#include "tare/io/input_file.hpp"

namespace tare::commands {

/// --images, --participants, --id, --session, --shard; `what` follows "Images ": "to measure".
[[nodiscard]] cli::OptionGroup measured_image_options(const std::string& what);

class MeasuredImages {
public:
    /// Finds out which images there are: those of the rows of --participants, those on disk that a pattern with
    /// {participant_id} fits, or the plain paths of --images, whose ids are their files' stems; then --shard. Looks at every
    /// header, so that a missing file or one that is no image is known before hours of work. Throws Error: 64; 65; 66; 74.
    MeasuredImages(const cli::ParsedOptions& options, Results& results, cli::Context& context);

    [[nodiscard]] std::size_t size() const noexcept { return images_.size(); }
    /// "participant_id", and the session's column where there is one.
    [[nodiscard]] const std::vector<std::string>& key_columns() const noexcept { return key_columns_; }
    /// What stands in those columns for image `i`.
    [[nodiscard]] const std::vector<std::string>& keys(std::size_t i) const { return keys_.at(i); }
    [[nodiscard]] const std::string& image(std::size_t i) const { return images_.at(i); }
    [[nodiscard]] const data::Grid& grid(std::size_t i) const { return grids_.at(i); }
    /// The table of --participants, whose rows are not those of a shard; null where there is none.
    [[nodiscard]] const data::Table* participants() const noexcept { return participants_.get(); }
    /// The row of that table that image `i` belongs to.
    [[nodiscard]] data::Index participant(std::size_t i) const { return rows_.at(i); }

    /// The file of another option for every image: of a pattern in the same way as --images, one of as many paths, or one
    /// path for all. Empty where the option is not given. Each must exist and, with `same_grid`, lie on its image's grid; no
    /// result may replace it. Throws Error: 64; 65; 66; 74.
    [[nodiscard]] std::vector<std::string> beside(const std::string& option, bool same_grid = true) const;
    /// The tables that were read to find the images.
    [[nodiscard]] const std::vector<io::InputFile>& tables() const noexcept { return tables_; }
    /// The names of results for every image, of a pattern likewise. Throws Error (64) where one is no image's name, (65)
    /// where two are the same.
    [[nodiscard]] std::vector<std::string> named_for_results(const std::string& option) const;

private:
    void take_participants(const cli::ParsedOptions& options);
    void take_found(const std::string& text);
    void take_paths(const std::vector<std::string>& paths);
    void take_shard(const cli::ParsedOptions& options);
    [[nodiscard]] std::vector<std::string> expanded(const std::string& option, const std::string& text) const;
    [[nodiscard]] std::map<std::string, data::Grid> grids_of(const std::vector<std::string>& paths) const;

    const cli::ParsedOptions& options_;
    Results& results_;
    cli::Context& context_;
    std::vector<std::string> key_columns_{"participant_id"};
    std::vector<std::vector<std::string>> keys_;
    std::vector<std::string> images_;
    std::vector<data::Grid> grids_;
    std::unique_ptr<data::Table> participants_;
    std::vector<data::Index> rows_;
    std::vector<io::InputFile> tables_;
};

}  // namespace tare::commands
