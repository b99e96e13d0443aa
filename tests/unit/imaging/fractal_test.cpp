// The search for the scaling window on counts made by hand, the counts over scales, and the stream of fractalbrain.
#include "tare/imaging/fractal.hpp"

#include <cmath>

#include <catch2/catch.hpp>

#include "../../../src/imaging/lattice_offsets.hpp"

using namespace tare;
using imaging::BoxCount;
using imaging::BoxCover;
using imaging::FractalConvention;
using imaging::FractalOptions;
using imaging::Index;
using imaging::ScalingWindow;
using imaging::VoxelSet;

namespace {

std::vector<double> powers(const std::vector<double>& logarithms) {
    std::vector<double> out;
    for (const double y : logarithms) out.push_back(std::exp2(y));
    return out;
}

ScalingWindow window_of(const std::vector<double>& boxes, Index least = 5,
                        FractalConvention convention = FractalConvention::tare) {
    const auto window = imaging::scaling_window(boxes, least, convention);
    REQUIRE(window);
    return *window;
}

/// A slanted staircase along x, thin along the others.
VoxelSet staircase() {
    VoxelSet set({16, 16, 16});
    for (Index x = 0; x < 16; ++x) set.insert(x, 3 * x / 4, x / 5);
    return set;
}

}  // namespace

TEST_CASE("a grid has box sizes up to its longest extent", "[fractal]") {
    CHECK(imaging::scales_of({1, 1, 1}) == 1);
    CHECK(imaging::scales_of({8, 3, 8}) == 4);
    CHECK(imaging::scales_of({3, 9, 1}) == 5);
    CHECK(imaging::scales_of({16, 16, 16}) == 5);
    CHECK(imaging::scales_of({256, 256, 256}) == 9);
    CHECK(imaging::scales_of({256, 256, 257}) == 10);
}

TEST_CASE("counts on a line give its slope without error, over all scales", "[fractal]") {
    for (const FractalConvention convention : {FractalConvention::tare, FractalConvention::fractalbrain}) {
        const ScalingWindow window = window_of({32768, 4096, 512, 64, 8, 1}, 5, convention);
        CHECK(window.first == 0);
        CHECK(window.length == 6);
        CHECK(window.dimension == Approx(3.0).epsilon(1e-14));
        CHECK(window.standard_error == Approx(0.0).margin(1e-14));
        CHECK(window.adjusted_r2 == Approx(1.0).epsilon(1e-14));
    }
}

TEST_CASE("slope, standard error and adjusted R² are those of ordinary least squares", "[fractal]") {
    // Expected values by statsmodels 0.15.
    const std::vector<double> boxes{5000, 900, 170, 30, 6.5, 2};
    const ScalingWindow all = window_of(boxes, 6);
    CHECK(all.dimension == Approx(2.293745333071552).epsilon(1e-13));
    CHECK(all.standard_error == Approx(0.06851833732896628).epsilon(1e-12));
    CHECK(all.adjusted_r2 == Approx(0.9955542414544452).epsilon(1e-13));
    const ScalingWindow best = window_of(boxes, 5);
    CHECK(best.first == 0);
    CHECK(best.length == 5);
    CHECK(best.dimension == Approx(2.4081435918425225).epsilon(1e-13));
    CHECK(best.standard_error == Approx(0.02785135601732279).epsilon(1e-12));
    CHECK(best.adjusted_r2 == Approx(0.999465172557847).epsilon(1e-13));
}

TEST_CASE("the window leaves out what bends away at the ends", "[fractal]") {
    // A line of slope −2.5 from the second to the seventh scale.
    const std::vector<double> boxes = powers({21.0, 17.5, 15.0, 12.5, 10.0, 7.5, 5.0, 4.5, 4.4});
    const ScalingWindow window = window_of(boxes);
    CHECK(window.first == 1);
    CHECK(window.length == 6);
    CHECK(window.dimension == Approx(2.5).epsilon(1e-12));
    // Fewer scales fit no better than to rounding, so that the widest of them stays.
    CHECK(window_of(boxes, 3).length == 6);
}

TEST_CASE("among windows that tie, the widest and then the finest is taken", "[fractal]") {
    // Two straight stretches of five scales each that share one.
    const std::vector<double> boxes = powers({20, 18, 16, 14, 12, 9, 6, 3, 0});
    const ScalingWindow window = window_of(boxes, 5);
    CHECK(window.length == 5);
    CHECK(window.first == 0);
    CHECK(window.dimension == Approx(2.0).epsilon(1e-12));
}

TEST_CASE("fractalbrain compares three decimals, and so keeps a wider window", "[fractal]") {
    const std::vector<double> boxes = powers({20.05, 18.0, 16.0, 14.0, 12.0, 10.0});
    const ScalingWindow own = window_of(boxes), rounded = window_of(boxes, 5, FractalConvention::fractalbrain);
    CHECK(own.length == 5);
    CHECK(own.first == 1);
    CHECK(rounded.length == 6);
    CHECK(rounded.adjusted_r2 == 1.0);
    CHECK(rounded.dimension == std::nearbyint(1e4 * window_of(boxes, 6).dimension) / 1e4);
}

TEST_CASE("counts that do not change have no window", "[fractal]") {
    CHECK_FALSE(imaging::scaling_window({1, 1, 1, 1, 1, 1}, 5, FractalConvention::tare));
    CHECK_FALSE(imaging::scaling_window({9, 4, 2, 1}, 5, FractalConvention::tare));
    CHECK(window_of({16, 8, 4, 2, 1, 1, 1, 1, 1, 1}).length == 5);
}

TEST_CASE("the stream of fractalbrain is Python's", "[fractal]") {
    // Python: random.seed(1); random.getrandbits(32), of which the stream takes the first bits.
    imaging::detail::LatticeOffsets wide(FractalConvention::fractalbrain, 99);
    constexpr Index side = (Index{1} << 31) - 1;
    CHECK(wide.next((Index{1} << 32) - 2) == 577090037);
    CHECK(wide.next((Index{1} << 32) - 2) == 2444712010);
    CHECK(wide.next((Index{1} << 32) - 2) == 3639700191);
    for (int i = 0; i < 100; ++i) CHECK(wide.next(side) <= side);
}

TEST_CASE("counts by the stream of fractalbrain are those that Python gives", "[fractal]") {
    // Means and least counts of distinct boxes in Python, offsets by random.randint after random.seed(1).
    const std::vector<double> means{16.0, 11.1, 6.85, 4.2, 2.75};
    const std::vector<Index> least{16, 10, 6, 3, 2};
    const std::vector<BoxCount> counts = imaging::count_scales(staircase(), {.convention = FractalConvention::fractalbrain});
    REQUIRE(counts.size() == 5);
    for (std::size_t k = 0; k < 5; ++k) {
        CAPTURE(k);
        CHECK(counts[k].side == Index{1} << k);
        CHECK(counts[k].mean == means[k]);
        CHECK(counts[k].least == least[k]);
    }
    CHECK(imaging::covering(counts, BoxCover::mean) == means);
    CHECK(imaging::covering(counts, BoxCover::minimum) == std::vector<double>{16, 10, 6, 3, 2});
}

TEST_CASE("the seed settles the offsets, and offsets lie within a side", "[fractal]") {
    const auto means = [](std::uint64_t seed) {
        return imaging::covering(imaging::count_scales(staircase(), {.seed = seed}), BoxCover::mean);
    };
    CHECK(means(4) == means(4));
    CHECK(means(4) != means(5));
    imaging::detail::LatticeOffsets offsets(FractalConvention::tare, 1);
    std::array<int, 4> seen{};
    for (int i = 0; i < 4000; ++i) ++seen.at(static_cast<std::size_t>(offsets.next(4)));
    // Each is binomial, 1000 ± 27.
    for (const int times : seen) CHECK(std::abs(times - 1000) < 140);
}

TEST_CASE("a dyadic fractal under an aligned lattice has its own dimension", "[fractal]") {
    constexpr Index n = 64;
    VoxelSet fractal({n, n, n});
    for (Index y = 0; y < n; ++y) {
        for (Index x = 0; x < n; ++x) fractal.insert(x, y, x ^ y);
    }
    std::vector<double> boxes;
    for (Index side = 1; side <= n; side *= 2) {
        boxes.push_back(static_cast<double>(imaging::count_boxes(fractal, side, {0, 0, 0})));
    }
    const ScalingWindow window = window_of(boxes);
    CHECK(window.length == 7);
    CHECK(window.dimension == Approx(2.0).epsilon(1e-14));
    // Lattices that are not aligned need more boxes; the least number over many comes nearer.
    const std::vector<BoxCount> counts = imaging::count_scales(fractal, {.offsets = 400});
    for (std::size_t k = 0; k < counts.size(); ++k) {
        CHECK(counts[k].mean >= static_cast<double>(counts[k].least));
        CHECK(static_cast<double>(counts[k].least) >= boxes[k]);
    }
}
