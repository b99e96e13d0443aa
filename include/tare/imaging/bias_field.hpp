// Correction of smooth shading: N4 (N. Tustison et al. 2010, IEEE Trans Med Imaging 29:1310), by ITK's implementation.
#pragma once

#include <span>
#include <vector>

#include "tare/data/volume.hpp"

namespace tare::imaging {

struct BiasFieldOptions {
    unsigned shrink = 4;                               ///< the field is fitted on every so many-th voxel along each axis
    std::vector<unsigned> iterations{50, 50, 50, 50};  ///< the most at each level of control points, from coarse to fine
    double convergence = 1e-3;                         ///< a level ends where the field's change is below
};

/// The values divided by the field, which is fitted on the voxels above 0 where the mask is not 0. In single precision, on
/// one thread, so that equal input gives equal bytes. Values that are not finite stay, and teach nothing. The volume must be
/// three-dimensional. Throws Error (65) where no voxel is left to fit on, or the image is too small.
[[nodiscard]] std::vector<double> without_bias_field(const data::Volume& volume, std::span<const unsigned char> mask,
                                                     const BiasFieldOptions& options);

}  // namespace tare::imaging
