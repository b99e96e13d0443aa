// From the options of a command to a cohort: reads the tables, finds the roles, looks at the matrix or the images that hold
// the values, and remembers what is needed to write the result and to say where it comes from.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tare/cli/context.hpp"
#include "tare/cli/parsed_options.hpp"
#include "tare/data/cohort_builder.hpp"
#include "tare/data/features.hpp"
#include "tare/data/table.hpp"
#include "tare/io/image_rows.hpp"
#include "tare/io/model_file.hpp"
#include "tare/io/npy_rows.hpp"
#include "tare/io/provenance.hpp"

namespace tare::commands {

/// Where the values of a cohort are.
enum class ValueKind {
    table,   ///< columns of the table --input
    matrix,  ///< --input is an .npy matrix, --participants says whose rows they are
    images   ///< --images, one for each row of --participants
};

[[nodiscard]] ValueKind value_kind(const cli::ParsedOptions& options);

struct CohortInput {
    ValueKind kind = ValueKind::table;
    data::Table table;  ///< as read; its feature values, if it has any, are in `cohort`
    data::Cohort cohort;
    std::vector<bool> trains;  ///< per subject: may a model be fitted on it?
    io::ColumnNames columns;
    std::vector<io::InputFile> files;
    data::Features features;
    std::vector<std::string> curves;                      ///< covariates that act along a curve
    stats::Transform transform = stats::Transform::none;  ///< of the values, before they are harmonised
    std::unique_ptr<io::NpyFile> matrix;                  ///< of kind matrix
    std::unique_ptr<data::RowSource> source;              ///< the values, where they are not in `cohort`
    io::ImageRows* images = nullptr;                      ///< the same, of kind images
    bool masked = false;                                  ///< a mask, or a model, says which voxels
};

/// Part K of N.
struct Shard {
    data::Index part = 1, parts = 1;
};

/// What --shard says, where the command has it. Throws Error (64) unless it is K/N with 1 ≤ K ≤ N.
[[nodiscard]] Shard shard_of(const cli::ParsedOptions& options);

/// The rows of a shard: a run of those given, as long as the others or one shorter. Throws Error (64) where there are more
/// shards than rows.
[[nodiscard]] std::vector<data::Index> rows_of_shard(const Shard& shard, const std::vector<data::Index>& rows);

/// The positions that are true.
[[nodiscard]] std::vector<data::Index> positions_of(const std::vector<bool>& chosen);

/// Which rows' images have to be there: those of the whole cohort, or a part of the training rows.
enum class Needed { everyone, training_shard };

/// Reads what --input, --images, --participants, --id, --session, --site, --covariates, --categorical, --train-where,
/// --features, --exclude and --mask say. `beside`: further columns that the cohort's covariates are to have, each once.
[[nodiscard]] CohortInput read_training_cohort(const cli::ParsedOptions& options, cli::Context& context, Needed needed,
                                               const std::vector<data::CovariateRole>& beside = {});

/// Reads new subjects for a model: its features, covariates and, unless named otherwise, its column names.
[[nodiscard]] CohortInput read_sample(const cli::ParsedOptions& options, const io::SavedModel& saved, cli::Context& context);

/// The names that a pattern of --images or --output-images has for every row.
[[nodiscard]] std::vector<std::string> expanded_names(const std::string& option, const std::string& pattern,
                                                      const data::Table& table);

/// "270 visits of 90 subjects at 3 sites, 12 features as logarithms, covariates age (curve), sex (categorical)".
[[nodiscard]] std::string described(const CohortInput& input);
/// The same where not every column beside the features is a covariate of the model.
[[nodiscard]] std::string described(const CohortInput& input, const std::vector<std::string>& of_model);

}  // namespace tare::commands
