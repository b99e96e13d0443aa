// N4 on a sphere of two tissues under a known field, and on what it cannot work with.
#include "tare/imaging/bias_field.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

#include "tare/base/error.hpp"

using namespace tare;

namespace {

constexpr int edge = 36;

struct Sphere {
    data::Volume volume;
    std::vector<unsigned char> mask;
    std::vector<std::size_t> core;  ///< voxels of the inner tissue
};

Sphere sphere(double slope) {
    Sphere out;
    out.volume.grid.shape = {edge, edge, edge};
    out.volume.grid.affine = {-1, 0, 0, 30, 0, 0, 2, 10, 0, 1.5, 0, 5};
    for (int v = 0; v < edge * edge * edge; ++v) {
        const double x = v % edge - 17.5, y = v / edge % edge - 17.5, z = v / edge / edge - 17.5;
        const double radius = std::sqrt(x * x + y * y + z * z);
        const double wobble = 1.0 + 0.01 * std::sin(v * 12.9898);
        const double tissue = radius < 10.0 ? 1000.0 : radius < 16.0 ? 600.0 : 0.0;
        out.volume.values.push_back(tissue * wobble * std::exp(slope * (x + 0.5 * z)));
        out.mask.push_back(radius < 16.0 ? 1 : 0);
        if (radius < 10.0) out.core.push_back(static_cast<std::size_t>(v));
    }
    return out;
}

double variation(const std::vector<double>& values, const std::vector<std::size_t>& at) {
    double sum = 0.0, squares = 0.0;
    for (const std::size_t v : at) {
        sum += values[v];
        squares += values[v] * values[v];
    }
    const auto n = static_cast<double>(at.size());
    return std::sqrt(squares / n - sum / n * sum / n) / (sum / n);
}

}  // namespace

TEST_CASE("N4 removes a smooth field and leaves an even image alone", "[imaging][normalise]") {
    const Sphere shaded = sphere(0.02), even = sphere(0.0);
    REQUIRE(variation(shaded.volume.values, shaded.core) > 0.08);
    CHECK(variation(imaging::without_bias_field(shaded.volume, shaded.mask, {}), shaded.core) < 0.02);
    CHECK(variation(imaging::without_bias_field(even.volume, even.mask, {}), even.core) < 0.012);
}

TEST_CASE("N4 divides by a field that is one over the whole image, whatever its axes", "[imaging][normalise]") {
    Sphere shaded = sphere(0.02);
    const std::vector<double> corrected = imaging::without_bias_field(shaded.volume, shaded.mask, {});
    CHECK(corrected == imaging::without_bias_field(shaded.volume, shaded.mask, {}));
    data::Volume turned = shaded.volume;
    turned.grid.affine = {1, 0, 0, 0, 0, 0, 2, 0, 0, 1.5, 0, 0};
    CHECK(imaging::without_bias_field(turned, shaded.mask, {}) == corrected);
    // Air stays 0, holes stay holes.
    CHECK(corrected.front() == 0.0);
    shaded.volume.values[shaded.core.front()] = std::numeric_limits<double>::quiet_NaN();
    CHECK(std::isnan(imaging::without_bias_field(shaded.volume, shaded.mask, {})[shaded.core.front()]));
}

TEST_CASE("N4 refuses an image with nothing to fit on", "[imaging][normalise]") {
    Sphere empty = sphere(0.0);
    CHECK_THROWS_AS(imaging::without_bias_field(empty.volume, std::vector<unsigned char>(empty.mask.size(), 0), {}),
                    base::Error);
    std::fill(empty.volume.values.begin(), empty.volume.values.end(), -1.0);
    CHECK_THROWS_AS(imaging::without_bias_field(empty.volume, empty.mask, {}), base::Error);
    data::Volume flat;
    flat.grid.shape = {20, 20, 2};
    flat.values.assign(800, 1.0);
    CHECK_THROWS_AS(imaging::without_bias_field(flat, std::vector<unsigned char>(800, 1), {}), base::Error);
}
