// Method ravel of tare-normalise: the unwanted factors, learnt from training images and taken away from any image.
#pragma once

#include <vector>

#include "intensity_choice.hpp"
#include "scans.hpp"
#include "tare/cli/context.hpp"
#include "tare/io/factor_model_file.hpp"

namespace tare::commands {

/// Learns from the images that teach. Images are read twice and never held together: what is, are their control voxels.
/// Throws Error: 64 without --control or one --mask; 65 where the images do not lie on one grid, or have too few factors;
/// 71.
[[nodiscard]] io::FactorModel learnt_factors(Scans& scans, const std::vector<bool>& teaches, const IntensityChoice& choice,
                                             const cli::ParsedOptions& options, cli::Context& context);

/// Takes the factors away from the voxels of the model, of an image in units of its white stripe. Voxels that are not
/// finite are let be.
void remove_factors(const io::FactorModel& model, std::vector<double>& values);

}  // namespace tare::commands
