// The generator and the few distributions that simulation, folds and permutation tests draw from.
// The standard distributions are not used: every library draws them differently.
#include "tare/base/rng.hpp"

#include <bit>
#include <cmath>

namespace tare::base {

namespace {

__extension__ using Wide = unsigned __int128;

std::uint64_t split_mix(std::uint64_t& counter) {
    counter += 0x9E3779B97F4A7C15U;
    std::uint64_t mixed = counter;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31U);
}

}  // namespace

Rng::Rng(std::uint64_t seed) {
    for (auto& word : state_) {
        word = split_mix(seed);
    }
}

std::uint64_t Rng::bits() {
    auto& [s0, s1, s2, s3] = state_;
    const std::uint64_t result = std::rotl(s1 * 5U, 7) * 9U;
    const std::uint64_t shifted = s1 << 17U;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = std::rotl(s3, 45);
    return result;
}

double Rng::uniform() {
    return static_cast<double>(bits() >> 11U) * 0x1p-53;
}

double Rng::uniform(double low, double high) {
    const double value = low + (high - low) * uniform();
    // Rounding can reach the upper end, which does not belong to the interval.
    return value < high ? value : std::nextafter(high, low);
}

std::uint64_t Rng::below(std::uint64_t bound) {
    Wide product = Wide{bits()} * bound;
    if (static_cast<std::uint64_t>(product) < bound) {
        // 2^64 modulo the bound: so many low words must be refused for every result to be equally likely.
        const std::uint64_t refused = (0U - bound) % bound;
        while (static_cast<std::uint64_t>(product) < refused) {
            product = Wide{bits()} * bound;
        }
    }
    return static_cast<std::uint64_t>(product >> 64U);
}

double Rng::normal() {
    if (has_spare_normal_) {
        has_spare_normal_ = false;
        return spare_normal_;
    }
    while (true) {
        const double x = uniform(-1.0, 1.0);
        const double y = uniform(-1.0, 1.0);
        const double radius2 = x * x + y * y;
        if (radius2 > 0.0 && radius2 < 1.0) {
            const double stretch = std::sqrt(-2.0 * std::log(radius2) / radius2);
            spare_normal_ = y * stretch;
            has_spare_normal_ = true;
            return x * stretch;
        }
    }
}

double Rng::gamma(double shape, double scale) {
    if (shape < 1.0) {
        // A gamma of shape + 1, shrunk by a power of a uniform on (0, 1].
        const double shrink = std::pow(1.0 - uniform(), 1.0 / shape);
        return gamma(shape + 1.0, scale) * shrink;
    }
    const double d = shape - 1.0 / 3.0;
    const double c = 1.0 / std::sqrt(9.0 * d);
    while (true) {
        const double x = normal();
        const double root = 1.0 + c * x;
        if (root <= 0.0) {
            continue;
        }
        const double v = root * root * root;
        const double u = 1.0 - uniform();
        if (std::log(u) < 0.5 * x * x + d - d * v + d * std::log(v)) {
            return d * v * scale;
        }
    }
}

}  // namespace tare::base
