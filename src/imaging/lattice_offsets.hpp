// Random offsets of a lattice of boxes along one axis.
#pragma once

#include <random>

#include "tare/base/rng.hpp"
#include "tare/imaging/fractal.hpp"

namespace tare::imaging::detail {

class LatticeOffsets {
public:
    LatticeOffsets(FractalConvention convention, std::uint64_t seed);

    /// The next offset for boxes of this side: uniform on 0 … side − 1, in the convention `fractalbrain` on 0 … side.
    [[nodiscard]] Index next(Index side);

private:
    FractalConvention convention_;
    base::Rng own_;
    std::mt19937 python_;
};

}  // namespace tare::imaging::detail
