// The images of tare-report, before and after: histograms of their voxels by site, and a few figures of every image, which
// are the features of a report without tables.
#pragma once

#include <optional>
#include <vector>

#include "fitting.hpp"
#include "report_tables.hpp"
#include "tare/report/facts.hpp"

namespace tare::commands {

/// Reads --before-images and --after-images of everyone in `tables`, some at a time, in the voxels of --mask, else in those
/// of the model in `maps`, else all that are finite and not 0. Adds the files to `tables`, and the figures where it has no
/// values. No result may replace an image. Throws Error: 64 for patterns that do not tell people or states apart; 66 for a
/// missing image, naming its counterpart; 65 for a damaged one, another grid, or one without a voxel; 71.
[[nodiscard]] report::Histograms compared_images(const cli::ParsedOptions& options, ReportTables& tables,
                                                 const std::optional<io::SavedModel>& maps, Results& results,
                                                 cli::Context& context);

}  // namespace tare::commands
