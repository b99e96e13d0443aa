// Smooth fields over a grid: sums of the lowest cosines along each axis, evaluated line by line so that no field needs
// memory of its own. The same field on a finer grid is the same function.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "tare/base/rng.hpp"
#include "tare/data/grid.hpp"

namespace tare::imaging {

using base::Index;

/// Cosines per axis: none, half a wave, one wave, one and a half over the whole extent.
constexpr std::size_t field_terms = 4;
using FieldTerms = std::array<double, field_terms>;

/// The cosines at every position along each of the three axes.
class FieldAxes {
public:
    explicit FieldAxes(const std::vector<Index>& shape);
    [[nodiscard]] const std::vector<FieldTerms>& axis(std::size_t number) const noexcept { return cosines_[number]; }

private:
    std::array<std::vector<FieldTerms>, 3> cosines_;
};

class SmoothField {
public:
    /// 0 everywhere.
    SmoothField() = default;
    /// Random, of mean 0 over the volume and, over volume and draws, variance 1.
    explicit SmoothField(base::Rng& rng);

    SmoothField& operator*=(double factor) noexcept;
    SmoothField& operator+=(double constant) noexcept;
    SmoothField& operator+=(const SmoothField& other) noexcept;
    SmoothField& operator-=(const SmoothField& other) noexcept;

    /// The values along x at (·, y, z); `out` is as long as the axis.
    void line(const FieldAxes& axes, Index y, Index z, std::span<double> out) const;

private:
    std::array<double, field_terms * field_terms * field_terms> coefficients_{};  ///< x fastest
};

}  // namespace tare::imaging
