// The random wave, its gradient, and from both the distance to its zeros.
#include "folds.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tare::imaging {
namespace {

constexpr std::size_t waves = 28;
constexpr double wave_number = 2.0 * std::numbers::pi / 0.36;
constexpr double farthest = 0.2;
/// No sulcus is asked for further inside, and the sheets would come together there.
constexpr double innermost = 0.35;

struct Wave {
    Point k;
    double phase;
};

Point direction(base::Rng& rng) {
    Point p{};
    double length = 0.0;
    do {
        for (double& value : p) value = rng.normal();
        length = std::sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2]);
    } while (length < 1e-6);
    for (double& value : p) value /= length;
    return p;
}

double distance_to_zero(const std::array<Wave, waves>& all, const Point& p, double radius) {
    double value = 0.0;
    Point gradient{};
    for (const Wave& wave : all) {
        double argument = wave.phase;
        for (std::size_t i = 0; i < 3; ++i) argument += wave.k[i] * p[i] / radius;
        value += std::cos(argument);
        const double slope = -std::sin(argument);
        for (std::size_t i = 0; i < 3; ++i) gradient[i] += slope * wave.k[i];
    }
    // Only the part along the sphere counts, and a sphere of that radius is larger or smaller than the unit sphere.
    double along = 0.0, squared = 0.0;
    for (std::size_t i = 0; i < 3; ++i) along += gradient[i] * p[i] / radius;
    for (std::size_t i = 0; i < 3; ++i) {
        const double tangential = gradient[i] - along * p[i] / radius;
        squared += tangential * tangential;
    }
    // A floor under the slope keeps crests and saddles, where it vanishes, harmless.
    constexpr double floor = 0.3 * wave_number;
    const double steepness = std::sqrt(squared + floor * floor * static_cast<double>(waves) / 2.0);
    return std::clamp(radius * value / steepness, -farthest, farthest);
}

}  // namespace

Folds::Folds(base::Rng& rng) {
    std::array<Wave, waves> all{};
    for (Wave& wave : all) {
        wave.k = direction(rng);
        const double length = wave_number * rng.uniform(0.8, 1.2);
        for (double& value : wave.k) value *= length;
        wave.phase = 2.0 * std::numbers::pi * rng.uniform();
    }
    lattice_.assign(nodes_ * nodes_ * nodes_, static_cast<float>(farthest));
    const auto position = [](std::size_t i) {
        return half_extent_ * (2.0 * static_cast<double>(i) / static_cast<double>(nodes_ - 1) - 1.0);
    };
    std::size_t at = 0;
    for (std::size_t z = 0; z < nodes_; ++z) {
        for (std::size_t y = 0; y < nodes_; ++y) {
            for (std::size_t x = 0; x < nodes_; ++x, ++at) {
                const Point p{position(x), position(y), position(z)};
                const double radius = std::sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2]);
                if (radius > innermost && radius < 1.1) lattice_[at] = static_cast<float>(distance_to_zero(all, p, radius));
            }
        }
    }
}

double Folds::distance(const Point& p) const noexcept {
    std::array<std::size_t, 3> node{};
    Point part{};
    for (std::size_t i = 0; i < 3; ++i) {
        const double at = std::clamp((p[i] / half_extent_ + 1.0) * 0.5, 0.0, 1.0) * static_cast<double>(nodes_ - 1);
        node[i] = std::min(static_cast<std::size_t>(at), nodes_ - 2);
        part[i] = at - static_cast<double>(node[i]);
    }
    double value = 0.0;
    for (std::size_t corner = 0; corner < 8; ++corner) {
        std::size_t at = 0;
        double weight = 1.0;
        for (std::size_t i = 3; i-- > 0;) {
            const std::size_t far = (corner >> i) & 1U;
            at = at * nodes_ + node[i] + far;
            weight *= far != 0 ? part[i] : 1.0 - part[i];
        }
        value += weight * static_cast<double>(lattice_[at]);
    }
    return value;
}

}  // namespace tare::imaging
