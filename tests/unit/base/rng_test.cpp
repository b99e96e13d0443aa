// The random stream: known answers of the published generators, and the shape of each distribution.
#include "tare/base/rng.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include <catch2/catch.hpp>

using tare::base::Rng;

namespace {

struct Moments {
    double mean = 0.0;
    double variance = 0.0;
    double skewness = 0.0;
    double kurtosis = 0.0;
};

template <typename Draw>
Moments moments_of(int count, Draw draw) {
    std::vector<double> values(static_cast<std::size_t>(count));
    Moments m;
    for (auto& value : values) {
        value = draw();
        m.mean += value / count;
    }
    for (const double value : values) {
        const double d = value - m.mean;
        m.variance += d * d / count;
        m.skewness += d * d * d / count;
        m.kurtosis += d * d * d * d / count;
    }
    m.skewness /= std::pow(m.variance, 1.5);
    m.kurtosis /= m.variance * m.variance;
    return m;
}

}  // namespace

TEST_CASE("the stream is xoshiro256** seeded by SplitMix64", "[base][rng]") {
    struct Known {
        std::uint64_t seed;
        std::array<std::uint64_t, 5> bits;
    };
    const std::array<Known, 3> known{{
        {0, {0x99EC5F36CB75F2B4, 0xBF6E1F784956452A, 0x1A5F849D4933E6E0, 0x6AA594F1262D2D2C, 0xBBA5AD4A1F842E59}},
        {42, {0x15780B2E0C2EC716, 0x6104D9866D113A7E, 0xAE17533239E499A1, 0xECB8AD4703B360A1, 0xFDE6DC7FE2EC5E64}},
        {UINT64_MAX, {0x8F5520D52A7EAD08, 0xC476A018CAA1802D, 0x81DE31C0D260469E, 0xBF658D7E065F3C2F, 0x913593FDA1BCA32A}},
    }};
    for (const auto& [seed, expected] : known) {
        Rng rng(seed);
        for (const std::uint64_t bits : expected) {
            CHECK(rng.bits() == bits);
        }
    }
    Rng rng(7);
    for (int i = 1; i < 10000; ++i) {
        rng.bits();
    }
    CHECK(rng.bits() == 0xB09DF3952F5CAD64);
}

TEST_CASE("uniforms and bounded numbers have known answers", "[base][rng]") {
    Rng rng(42);
    CHECK(rng.uniform() == 0.08386297105988216);
    CHECK(rng.uniform() == 0.3789802506626686);
    CHECK(rng.uniform() == 0.6800434110281394);
    Rng bounded(42);
    for (const std::uint64_t expected : {0U, 3U, 6U, 9U, 9U, 7U, 7U, 8U, 7U, 5U, 6U, 2U}) {
        CHECK(bounded.below(10) == expected);
    }
}

TEST_CASE("uniform stays in its interval and fills it evenly", "[base][rng]") {
    Rng rng(1);
    const Moments m = moments_of(200000, [&] { return rng.uniform(); });
    CHECK(std::abs(m.mean - 0.5) < 0.003);
    CHECK(std::abs(m.variance - 1.0 / 12.0) < 0.001);
    bool inside = true;
    for (int i = 0; i < 100000; ++i) {
        const double u = rng.uniform();
        const double v = rng.uniform(-3.0, -1.0);
        inside = inside && u >= 0.0 && u < 1.0 && v >= -3.0 && v < -1.0;
    }
    CHECK(inside);
    // Between two neighbouring doubles half of all draws would round to the upper one.
    const double next = std::nextafter(1.0, 2.0);
    bool below = true;
    for (int i = 0; i < 100; ++i) {
        below = below && rng.uniform(1.0, next) == 1.0;
    }
    CHECK(below);
}

TEST_CASE("below is even over its range", "[base][rng]") {
    Rng rng(2);
    constexpr int draws = 130000;
    std::array<int, 13> counts{};
    for (int i = 0; i < draws; ++i) {
        const std::uint64_t value = rng.below(13);
        REQUIRE(value < 13);
        ++counts[value];
    }
    double chi_square = 0.0;
    for (const int count : counts) {
        chi_square += std::pow(count - draws / 13.0, 2) / (draws / 13.0);
    }
    // The 0.01 and 99.99 per cent points of a chi-square with 12 degrees of freedom.
    CHECK(chi_square < 39.13);
    CHECK(chi_square > 1.93);
    CHECK(rng.below(1) == 0);
}

TEST_CASE("below has no bias where the bound is large", "[base][rng]") {
    // With a bound of 3/4 of 2^64 a plain product would draw one third of all numbers twice as often.
    Rng rng(3);
    constexpr std::uint64_t bound = 3ULL << 62U;
    constexpr int draws = 60000;
    std::array<int, 3> remainder{};
    std::array<int, 3> third{};
    for (int i = 0; i < draws; ++i) {
        const std::uint64_t value = rng.below(bound);
        REQUIRE(value < bound);
        ++remainder[value % 3];
        ++third[value >> 62U];
    }
    for (const auto& counts : {remainder, third}) {
        double chi_square = 0.0;
        for (const int count : counts) {
            chi_square += std::pow(count - draws / 3.0, 2) / (draws / 3.0);
        }
        CHECK(chi_square < 18.42);
    }
}

TEST_CASE("normal has the moments of a standard normal", "[base][rng]") {
    Rng rng(4);
    const Moments m = moments_of(400000, [&] { return rng.normal(); });
    CHECK(std::abs(m.mean) < 0.008);
    CHECK(std::abs(m.variance - 1.0) < 0.011);
    CHECK(std::abs(m.skewness) < 0.02);
    CHECK(std::abs(m.kurtosis - 3.0) < 0.04);
    int beyond = 0;
    for (int i = 0; i < 100000; ++i) {
        beyond += std::abs(rng.normal()) > 1.959963984540054 ? 1 : 0;
    }
    CHECK(std::abs(beyond - 5000) < 350);
}

TEST_CASE("successive normals are uncorrelated", "[base][rng]") {
    Rng rng(6);
    constexpr int draws = 200000;
    // Two numbers come from one pair of uniforms: look within the pairs and across them.
    double within = 0.0;
    double across = 0.0;
    double before = 0.0;
    for (int i = 0; i < draws; ++i) {
        const double first = rng.normal();
        const double second = rng.normal();
        within += first * second / draws;
        across += before * first / draws;
        before = second;
    }
    CHECK(std::abs(within) < 0.012);
    CHECK(std::abs(across) < 0.012);
}

TEST_CASE("gamma has the moments of its shape and scale", "[base][rng]") {
    Rng rng(5);
    for (const double shape : {0.3, 1.0, 2.5, 40.0}) {
        const double scale = 1.7;
        constexpr int draws = 400000;
        bool positive = true;
        const Moments m = moments_of(draws, [&] {
            const double value = rng.gamma(shape, scale);
            positive = positive && value >= 0.0;
            return value;
        });
        CAPTURE(shape);
        CHECK(positive);
        const double variance = shape * scale * scale;
        CHECK(std::abs(m.mean - shape * scale) < 5.0 * std::sqrt(variance / draws));
        CHECK(m.variance == Approx(variance).epsilon(5.0 * std::sqrt((2.0 + 6.0 / shape) / draws)));
        CHECK(m.skewness == Approx(2.0 / std::sqrt(shape)).epsilon(0.1));
    }
}

TEST_CASE("equal seeds give equal draws, other seeds others", "[base][rng]") {
    Rng a(99);
    Rng b(99);
    Rng c(100);
    bool same = true;
    bool other = false;
    for (int i = 0; i < 1000; ++i) {
        const double x = a.normal() + a.gamma(0.5, 1.0);
        same = same && x == b.normal() + b.gamma(0.5, 1.0);
        other = other || x != c.normal() + c.gamma(0.5, 1.0);
    }
    CHECK(same);
    CHECK(other);
}
