// Geometry of a grid: counts, distance between two affine maps, and both as text.
#include "tare/data/grid.hpp"

#include <algorithm>
#include <cmath>

#include "tare/base/number_text.hpp"

namespace tare::data {

Index Grid::values() const noexcept {
    Index count = 1;
    for (const Index extent : shape) count *= extent;
    return count;
}

Index Grid::voxels() const noexcept {
    Index count = 1;
    for (std::size_t axis = 0; axis < std::min<std::size_t>(shape.size(), 3); ++axis) count *= shape[axis];
    return count;
}

double largest_displacement(const Grid& a, const Grid& b) noexcept {
    double largest = 0.0;
    for (unsigned corner = 0; corner < 8; ++corner) {
        double squared = 0.0;
        for (std::size_t row = 0; row < 3; ++row) {
            double difference = a.affine[row * 4 + 3] - b.affine[row * 4 + 3];
            for (std::size_t axis = 0; axis < 3; ++axis) {
                const bool far = ((corner >> axis) & 1U) != 0;
                const double position = far && axis < a.shape.size() ? static_cast<double>(a.shape[axis] - 1) : 0.0;
                difference += (a.affine[row * 4 + axis] - b.affine[row * 4 + axis]) * position;
            }
            squared += difference * difference;
        }
        const double distance = std::sqrt(squared);
        if (!(distance <= largest)) largest = distance;
        if (std::isnan(largest)) break;
    }
    return largest;
}

bool same_grid(const Grid& a, const Grid& b) noexcept {
    return a.shape == b.shape && largest_displacement(a, b) <= grid_tolerance_mm;
}

std::string shape_text(const Grid& grid) {
    std::string text;
    for (const Index extent : grid.shape) text += (text.empty() ? "" : " × ") + std::to_string(extent);
    return text;
}

std::string affine_text(const Grid& grid) {
    std::string text = "[";
    for (std::size_t i = 0; i < grid.affine.size(); ++i) {
        text += (i == 0 ? "" : i % 4 == 0 ? "; " : " ") + base::number_text(grid.affine[i]);
    }
    return text + "]";
}

}  // namespace tare::data
