// Drawing and evaluating sums of cosines.
#include "smooth_field.hpp"

#include <cmath>
#include <numbers>

namespace tare::imaging {

FieldAxes::FieldAxes(const std::vector<Index>& shape) {
    for (std::size_t number = 0; number < 3; ++number) {
        const auto extent = static_cast<double>(shape[number]);
        cosines_[number].resize(static_cast<std::size_t>(shape[number]));
        for (std::size_t i = 0; i < cosines_[number].size(); ++i) {
            for (std::size_t term = 0; term < field_terms; ++term) {
                cosines_[number][i][term] =
                    std::cos(std::numbers::pi * static_cast<double>(term) * (static_cast<double>(i) + 0.5) / extent);
            }
        }
    }
}

SmoothField::SmoothField(base::Rng& rng) {
    // Amplitudes fall with the square of the frequency's length, so that a field has few hills.
    double variance = 0.0;
    std::size_t at = 0;
    for (std::size_t z = 0; z < field_terms; ++z) {
        for (std::size_t y = 0; y < field_terms; ++y) {
            for (std::size_t x = 0; x < field_terms; ++x, ++at) {
                if (at == 0) continue;
                const auto squared = static_cast<double>(x * x + y * y + z * z);
                const double amplitude = std::exp(-squared / 4.0);
                const double mean_square = (x > 0 ? 0.5 : 1.0) * (y > 0 ? 0.5 : 1.0) * (z > 0 ? 0.5 : 1.0);
                variance += amplitude * amplitude * mean_square;
                coefficients_[at] = amplitude * rng.normal();
            }
        }
    }
    *this *= 1.0 / std::sqrt(variance);
}

SmoothField& SmoothField::operator*=(double factor) noexcept {
    for (double& coefficient : coefficients_) coefficient *= factor;
    return *this;
}

SmoothField& SmoothField::operator+=(double constant) noexcept {
    coefficients_[0] += constant;
    return *this;
}

SmoothField& SmoothField::operator+=(const SmoothField& other) noexcept {
    for (std::size_t i = 0; i < coefficients_.size(); ++i) coefficients_[i] += other.coefficients_[i];
    return *this;
}

SmoothField& SmoothField::operator-=(const SmoothField& other) noexcept {
    for (std::size_t i = 0; i < coefficients_.size(); ++i) coefficients_[i] -= other.coefficients_[i];
    return *this;
}

void SmoothField::line(const FieldAxes& axes, Index y, Index z, std::span<double> out) const {
    const FieldTerms& along_y = axes.axis(1)[static_cast<std::size_t>(y)];
    const FieldTerms& along_z = axes.axis(2)[static_cast<std::size_t>(z)];
    FieldTerms sums{};
    std::size_t at = 0;
    for (std::size_t c = 0; c < field_terms; ++c) {
        for (std::size_t b = 0; b < field_terms; ++b) {
            const double weight = along_z[c] * along_y[b];
            for (std::size_t a = 0; a < field_terms; ++a) sums[a] += weight * coefficients_[at++];
        }
    }
    const std::vector<FieldTerms>& along_x = axes.axis(0);
    for (std::size_t x = 0; x < out.size(); ++x) {
        double value = 0.0;
        for (std::size_t a = 0; a < field_terms; ++a) value += sums[a] * along_x[x][a];
        out[x] = value;
    }
}

}  // namespace tare::imaging
