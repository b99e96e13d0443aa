// Where the sulci of the phantom's cortex run: along the zeros of a random wave on the sphere of directions, which form a
// labyrinth as sulci do. What is kept is the distance to the nearest of them, on a lattice.
#pragma once

#include <array>
#include <vector>

#include "tare/base/rng.hpp"
#include "tare/data/grid.hpp"

namespace tare::imaging {

using Point = std::array<double, 3>;

class Folds {
public:
    explicit Folds(base::Rng& rng);
    /// Distance to the nearest sulcal sheet, positive on one side and negative on the other; the head's radius is 1.
    [[nodiscard]] double distance(const Point& p) const noexcept;

private:
    static constexpr std::size_t nodes_ = 72;
    static constexpr double half_extent_ = 1.0;
    std::vector<float> lattice_;
};

}  // namespace tare::imaging
