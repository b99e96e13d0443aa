// Statistics of the values in a region: what of a structure is measured in an image.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "tare/data/volume.hpp"

namespace tare::imaging {

using base::Index;

/// The positions of the voxels of every label but 0, in the order of memory.
[[nodiscard]] std::map<std::int32_t, std::vector<Index>> voxels_by_label(const data::Segmentation& segmentation);

/// Of finite values; not a number where there are too few.
struct RegionalSummary {
    double mean = 0.0;
    double sd = 0.0;  ///< with n − 1; of at least two values
    double minimum = 0.0, maximum = 0.0;
    double trimmed_mean = 0.0;  ///< of what is left when the share ⌊trim · n⌋ / n is cut off at both ends
    std::vector<double> percentiles;
};

/// `values` in any order; `percentiles` from 0 to 100; `trim` at least 0 and below one half. A percentile p lies at position
/// (n − 1) p / 100 of the sorted values, between two of them on the straight line (Hyndman and Fan 1996, definition 7; the
/// rule of numpy and R).
[[nodiscard]] RegionalSummary summarise(std::vector<double> values, std::span<const double> percentiles, double trim);

/// Σ w x / Σ w over the finite values, and Σ w; the mean is not a number where Σ w is 0. Both spans have the same length.
struct WeightedMean {
    double mean = 0.0, weight = 0.0;
};
[[nodiscard]] WeightedMean weighted_mean(std::span<const double> values, std::span<const double> weights);

}  // namespace tare::imaging
