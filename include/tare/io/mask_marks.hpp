// The values of a mask, as what lies within it.
#pragma once

#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "tare/base/error.hpp"

namespace tare::io {

/// True where a value of the mask called `path` lies within it: is not 0. Throws Error (65) where it is not finite.
[[nodiscard]] inline bool lies_within(double value, const std::string& path) {
    if (!std::isfinite(value)) throw base::malformed(path + ": a mask must hold finite values only", "1 inside, 0 outside");
    return value != 0.0;
}

/// The error of a mask without a voxel.
[[nodiscard]] inline base::Error empty_mask(const std::string& path) {
    return base::degenerate(path + ": the mask is empty, all its voxels are 0");
}

/// 1 for each value of the mask called `path` that lies within it, else 0. Throws Error (65) where a value is not finite,
/// or none lies within.
[[nodiscard]] std::vector<unsigned char> mask_marks(std::span<const double> values, const std::string& path);

}  // namespace tare::io
