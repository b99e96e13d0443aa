// The people of tare-report. Of two tables, before and after, one cohort: the same people and the same features, each
// person's rows side by side, whatever their order in the files. Without tables, whoever is in --participants.
#pragma once

#include <optional>
#include <vector>

#include "tare/cli/context.hpp"
#include "tare/cli/parsed_options.hpp"
#include "tare/data/cohort.hpp"
#include "tare/data/table.hpp"
#include "tare/io/model_file.hpp"
#include "tare/io/provenance.hpp"
#include "tare/stats/design.hpp"

namespace tare::commands {

struct ReportTables {
    data::Cohort before;         ///< with its values
    base::Matrix<double> after;  ///< the values of the same people and features
    std::vector<io::InputFile> files;
    std::vector<stats::SmoothRequest> curves;  ///< the covariates that act along curves
    data::Table people;                        ///< whose columns name images: --participants, else --before
    std::vector<base::Index> row_of;           ///< per person: the row there
    bool of_images = false;                    ///< there are no tables: the values are figures of images
};

/// Reads --before, --after and --participants; columns as the options name them, else as the model does. Throws Error: 64
/// for a column with two roles; 65 where the tables differ in people, features or sites, naming the first that does.
[[nodiscard]] ReportTables read_report_tables(const cli::ParsedOptions& options, const std::optional<io::SavedModel>& model,
                                              cli::Context& context);

/// Reads --participants alone: people without values. Throws Error likewise.
[[nodiscard]] ReportTables read_report_people(const cli::ParsedOptions& options, const std::optional<io::SavedModel>& model,
                                              cli::Context& context);

}  // namespace tare::commands
