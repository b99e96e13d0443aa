// Method ravel of tare-normalise: the unwanted factors, learnt from training images.
#pragma once

#include <vector>

#include "intensity_choice.hpp"
#include "scans.hpp"
#include "tare/cli/context.hpp"
#include "tare/io/factor_model_file.hpp"

namespace tare::commands {

/// Learns from the images that teach. Images are read twice and never held together: what is, are their control voxels.
/// Throws Error: 64 without --control or one --mask; 65 where the images do not lie on one grid, or have too few factors,
/// or there are no more images than factors; 71.
[[nodiscard]] io::FactorModel learnt_factors(Scans& scans, const std::vector<bool>& teaches, const IntensityChoice& choice,
                                             const cli::ParsedOptions& options, cli::Context& context);

}  // namespace tare::commands
