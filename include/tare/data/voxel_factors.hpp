// Unwanted factors of images, and what they do to each voxel.
#pragma once

#include <vector>

#include "tare/base/matrix.hpp"

namespace tare::data {

struct VoxelFactors {
    std::vector<double> mean;      ///< of every voxel over the images of the fit
    base::Matrix<double> gamma;    ///< factors × voxels: what one unit of a factor's score adds
    base::Matrix<double> loading;  ///< factors × voxels: an image's score is its sum with these; 0 where there is no control
};

}  // namespace tare::data
