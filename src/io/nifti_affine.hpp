// From the three ways in which a NIfTI header places its voxels to one affine map, and back.
#pragma once

#include <array>
#include <span>
#include <string>

#include "nifti_fields.hpp"
#include "tare/data/grid.hpp"

namespace tare::io::detail {

/// The map of the sform where it has a code, else of the qform where it has one, else voxel sizes around the centre with
/// x to the left. Throws Error (65) where it is not finite or the quaternion is none. `shape` has at least three extents.
[[nodiscard]] std::array<double, 12> nifti_affine(const NiftiFields& fields, std::span<const base::Index> shape,
                                                  const std::string& source);

/// Writes the map as sform and qform with this code. The qform's code is 0 where the map has shears, which it cannot hold.
void set_nifti_affine(NiftiFields& fields, const std::array<double, 12>& affine, int code) noexcept;

}  // namespace tare::io::detail
