// The discrete Fourier transform of a block of complex numbers, for extents that are products of 2, 3 and 5.
#pragma once

#include <array>
#include <complex>
#include <vector>

#include "tare/imaging/texture/region.hpp"

namespace tare::imaging::texture {

/// The least extent that can be transformed and is no less than this.
[[nodiscard]] Index fourier_extent(Index least) noexcept;

/// Replaces a block, first axis fastest, by its transform Σ a(x)·exp(−2πi·kx/n), unscaled. `spare` is a block as large.
void fourier(std::vector<std::complex<double>>& block, std::vector<std::complex<double>>& spare,
             const std::array<Index, 3>& extents);

}  // namespace tare::imaging::texture
