// From the options of a command to a cohort: reads the tables, finds the roles, and remembers what is needed to write
// the table back and to say where the result comes from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tare/cli/context.hpp"
#include "tare/cli/parsed_options.hpp"
#include "tare/data/cohort_builder.hpp"
#include "tare/data/table.hpp"
#include "tare/io/model_file.hpp"
#include "tare/io/provenance.hpp"

namespace tare::commands {

struct CohortInput {
    data::Table table;  ///< as read; its feature values are in `cohort`
    data::Cohort cohort;
    std::vector<bool> trains;  ///< per subject: may a model be fitted on it?
    io::ColumnNames columns;
    std::vector<io::InputFile> files;
};

/// Reads what --input, --participants, --id, --session, --site, --covariates, --categorical, --train-where, --features
/// and --exclude say.
[[nodiscard]] CohortInput read_training_cohort(const cli::ParsedOptions& options, cli::Context& context);

/// Reads new subjects for a model: its features, covariates and, unless named otherwise, its column names.
[[nodiscard]] CohortInput read_sample(const cli::ParsedOptions& options, const io::SavedModel& saved, cli::Context& context);

/// "1078 subjects at 23 sites, 150 features, covariates age (number), sex (0, 1)".
[[nodiscard]] std::string described(const CohortInput& input);

}  // namespace tare::commands
