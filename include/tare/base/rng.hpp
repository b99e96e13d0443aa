// A seeded random stream: bits, uniforms and bounded numbers are the same on every platform, normal and gamma
// up to the last bit of the platform's logarithm.
// Generator: xoshiro256** (Blackman, Vigna 2021) seeded by SplitMix64. Not for cryptography.
#pragma once

#include <array>
#include <cstdint>

namespace tare::base {

class Rng {
public:
    explicit Rng(std::uint64_t seed);

    /// 64 random bits.
    std::uint64_t bits();
    /// Uniform on [0, 1), 53 bits.
    double uniform();
    /// Uniform on [low, high).
    double uniform(double low, double high);
    /// Uniform whole number in [0, bound), without bias (Lemire 2019); bound > 0.
    std::uint64_t below(std::uint64_t bound);
    /// Standard normal (Marsaglia's polar method).
    double normal();
    /// Gamma with the given shape and scale (Marsaglia, Tsang 2000); shape > 0.
    double gamma(double shape, double scale);

private:
    std::array<std::uint64_t, 4> state_{};
    double spare_normal_ = 0.0;
    bool has_spare_normal_ = false;
};

}  // namespace tare::base
