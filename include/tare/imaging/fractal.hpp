// Fractal dimension of a structure by box counting in three dimensions, with an automatic choice of the range of scales
// over which the structure is self-similar: boxes of sides 1, 2, 4 … voxels, each laid at several random offsets; the
// dimension is minus the slope of log₂ boxes on log₂ side. Method: Marzi et al. 2020, doi 10.1038/s41598-020-73961-w.
#pragma once

#include <cstdint>
#include <optional>

#include "tare/imaging/box_counting.hpp"

namespace tare::imaging {

/// `fractalbrain` gives the values of fractalbrain-toolkit: its stream of offsets, its choice by a rounded R². A lattice
/// moved by a whole side is the same lattice: that toolkit draws 0 … side, so that 0 counts twice, `tare` 0 … side − 1.
enum class FractalConvention { tare, fractalbrain };

/// Which number of boxes of a side counts: the mean over offsets, or the least, which comes nearer to the definition.
enum class BoxCover { mean, minimum };

struct FractalOptions {
    FractalConvention convention = FractalConvention::tare;
    BoxCover cover = BoxCover::mean;
    Index offsets = 20;      ///< at least 1
    Index least_scales = 5;  ///< of a window; at least 3
    std::uint64_t seed = 1;  ///< of the offsets of one structure; `fractalbrain` has its own
};

/// Over the offsets.
struct BoxCount {
    Index side = 1;  ///< voxels
    double mean = 0.0;
    Index least = 0;
};

/// A straight line through log₂ boxes on log₂ side, over `length` neighbouring scales from `first` on.
struct ScalingWindow {
    Index first = 0, length = 0;
    double dimension = 0.0;       ///< minus the slope
    double standard_error = 0.0;  ///< of the slope, by ordinary least squares
    double adjusted_r2 = 0.0;     ///< 1 − (1 − R²)(length − 1)/(length − 2)
};

/// Box sizes that a grid has: 1, 2, 4 … up to the first that is no less than its longest extent.
[[nodiscard]] Index scales_of(const std::array<Index, 3>& extents);

/// One count per scale of the grid.
[[nodiscard]] std::vector<BoxCount> count_scales(const VoxelSet& set, const FractalOptions& options);

/// Among all windows of at least `least_scales` scales the one with the largest adjusted R². Where several have it, the
/// widest, and of these the one with the finest scales: to 1e-12 in the convention `tare`; `fractalbrain` rounds R² to three
/// decimals before it compares, and the dimension to four. `boxes` belong to sides 1, 2, 4 … and are above 0. Windows in
/// which all counts are equal have no R² and are left out; nothing where none is left.
[[nodiscard]] std::optional<ScalingWindow> scaling_window(const std::vector<double>& boxes, Index least_scales,
                                                          FractalConvention convention);

/// What `cover` takes from the counts.
[[nodiscard]] std::vector<double> covering(const std::vector<BoxCount>& counts, BoxCover cover);

}  // namespace tare::imaging
