// Where the head is in an image of it, told from intensities alone.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "tare/data/volume.hpp"

namespace tare::imaging {

/// The threshold that parts finite values into two classes with the largest variance between them (N. Otsu 1979, IEEE Trans
/// SMC 9:62, from a histogram of 256 bins from the smallest to the largest value); the upper class lies above it. Nothing
/// where all values are equal or none is finite.
[[nodiscard]] std::optional<double> otsu_threshold(std::span<const double> values);

/// 1 within the head: the largest piece, by faces, of the voxels above the Otsu threshold, with all that it encloses. All 0
/// where there is no threshold. The volume must be three-dimensional.
[[nodiscard]] std::vector<unsigned char> head_mask(const data::Volume& volume);

}  // namespace tare::imaging
