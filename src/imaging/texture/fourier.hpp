// The discrete Fourier transform of a block of complex numbers, for extents that are products of 2, 3 and 5.
#pragma once

#include <array>
#include <complex>
#include <vector>

#include "tare/imaging/texture/region.hpp"

namespace tare::imaging::texture {

/// The least extent that can be transformed and is no less than this.
[[nodiscard]] Index fourier_extent(Index least) noexcept;

/// A block of numbers, first axis fastest, of which only a part is filled, or wanted: places below `part` on each axis.
struct Block {
    std::array<Index, 3> extents{}, part{};
    std::vector<std::complex<double>> values, spare;
};

/// Replaces the values by their transform Σ a(x)·exp(−2πi·kx/n), unscaled. What lies outside of the part must be 0.
void fourier_of_part(Block& block);
/// The same of a full block; only the part is worked out, and the rest of the values means nothing.
void fourier_to_part(Block& block);

}  // namespace tare::imaging::texture
