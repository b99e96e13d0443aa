// RAVEL: what the voxels of a control region, such as cerebrospinal fluid, share over people has no biology in it, and is
// taken away everywhere (J.-P. Fortin et al. 2016, NeuroImage 132:198).
#pragma once

#include <span>
#include <vector>

#include "tare/base/matrix.hpp"
#include "tare/data/voxel_factors.hpp"

namespace tare::imaging {

using base::Index;

/// The leading right singular vectors Z of the matrix of control voxels × images, and what makes one for a new image: the
/// score of image v in factor k is Σ_c loading(k, c) v_c, which for the images of the fit is Z.
struct ControlScores {
    base::Matrix<double> scores;   ///< factors × images, rows of unit length
    base::Matrix<double> loading;  ///< factors × control voxels
};

/// `control`: one row of control voxels for each image. Throws Error (65) where there are fewer factors than `factors` that
/// are more than rounding.
[[nodiscard]] ControlScores control_scores(const base::Matrix<double>& control, Index factors);

using data::VoxelFactors;

/// The sums before the first image. `positions`: which of the voxels are control voxels, in the order of `scores`.
[[nodiscard]] VoxelFactors no_images_yet(const ControlScores& scores, std::span<const Index> positions, Index voxels);

/// Adds one image of the fit, number `image` in the order of the scores, with its values in the voxels. The scores have unit
/// length, so γ is the sum of score times values. Add images one after another: sums depend on their order.
void add_image(const ControlScores& scores, Index image, std::span<const double> values, VoxelFactors& sums);

/// Takes the factors away from an image: voxel v of them is `values[inside[v]]`. Voxels that are not finite are let be.
/// Throws Error (65) where a control voxel is not finite.
void remove_factors(const VoxelFactors& factors, std::span<const Index> inside, std::span<double> values);

/// The eigenvalues of a symmetric matrix, descending, and its unit eigenvectors as rows: by Jacobi's rotations, which give
/// the same on every machine. An eigenvector's entry of largest magnitude is positive.
struct SymmetricEigen {
    std::vector<double> values;
    base::Matrix<double> vectors;
};
[[nodiscard]] SymmetricEigen symmetric_eigen(base::Matrix<double> matrix);

}  // namespace tare::imaging
