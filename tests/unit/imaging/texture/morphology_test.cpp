// Shapes whose measures are known, and spatial autocorrelation beside the sum over all pairs.
#include "tare/imaging/texture/morphology.hpp"

#include <cmath>

#include <catch2/catch.hpp>

#include "small_region.hpp"

using namespace tare;
using namespace tare::imaging::texture;
using test::random_image;
using test::region_of;
using test::small_image;

TEST_CASE("the mesh of one voxel is an octahedron", "[texture]") {
    const Morphology m = morphology(region_of(small_image({1, 1, 1}, {7})));
    CHECK(m.volume == Approx(1.0 / 6));
    CHECK(m.voxel_volume == 1);
    CHECK(m.surface_area == Approx(std::sqrt(3.0)));
    CHECK(m.maximum_diameter == Approx(1));
    CHECK(m.volume_density_hull == Approx(1));
    CHECK(m.area_density_hull == Approx(1));
    CHECK(m.volume_density_box == Approx(1.0 / 6));
    CHECK(m.integrated_intensity == Approx(7.0 / 6));
    CHECK(m.centre_of_mass_shift == 0);
    CHECK(m.major_axis == 0);
    CHECK(std::isnan(m.elongation));
    CHECK(std::isnan(m.volume_density_ellipsoid));
}

TEST_CASE("a block of voxels: volume, area and diameter in millimetres", "[texture]") {
    const Morphology m = morphology(region_of(small_image({4, 3, 2}, std::vector<double>(24, 1.0), {1, 2, 3})));
    // Half a voxel's prism is cut from each edge, and more from each corner: 4·6·6 less these.
    const double edges = (3 * (1.0 * 2) + 2 * (2.0 * 3)) / 1.0;
    CHECK(m.volume < 144);
    CHECK(m.volume > 144 - 4 * edges);
    CHECK(m.volume_density_hull == Approx(1));
    CHECK(m.area_density_hull == Approx(1));
    // Between corners of the faces along z: 6 there, and the outermost centres along x and y.
    CHECK(m.maximum_diameter == Approx(std::sqrt(3.0 * 3 + 4 * 4 + 6 * 6)));
    CHECK(m.major_axis == Approx(4 * std::sqrt(2.0 * 2 * (8.0 / 12) * 24 / 23)));
    CHECK(m.minor_axis == Approx(4 * std::sqrt(3.0 * 3 * (3.0 / 12) * 24 / 23)));
    CHECK(m.volume_density_box == Approx(m.volume / 144));
}

TEST_CASE("a ball is nearly a sphere", "[texture]") {
    constexpr int size = 41;
    std::vector<double> values;
    for (int i = 0; i < size * size * size; ++i) {
        const double x = i % size - 20, y = i / size % size - 20, z = i / (size * size) - 20;
        values.push_back(x * x + y * y + z * z <= 18.0 * 18.0 ? 3.0 : 0.0);
    }
    const Morphology m = morphology(region_of(small_image({size, size, size}, values, {0.5, 0.5, 0.5})));
    const double volume = 4.0 / 3 * std::acos(-1.0) * 9 * 9 * 9;
    CHECK(m.volume == Approx(volume).epsilon(0.005));
    CHECK(m.maximum_diameter == Approx(18.5).epsilon(0.005));
    CHECK(m.flatness == Approx(1));
    // A staircase of half voxels has more surface than the sphere, the hull hardly more.
    CHECK(m.sphericity > 0.90);
    CHECK(m.sphericity < 1.0);
    CHECK(m.volume_density_ellipsoid == Approx(std::pow(5.0 / 4, 1.5)).epsilon(0.01));
    CHECK(m.volume_density_hull > 0.95);
    CHECK(m.volume_density_hull < 1.0);
    CHECK(m.area_density_ellipsoid / m.volume_density_ellipsoid == Approx(std::sqrt(4.0 / 5) / m.sphericity).epsilon(0.01));
}

TEST_CASE("a hollow has the surface of what fills it", "[texture]") {
    // An L of three voxels, and a block with this L left out of its inside.
    const std::vector<int> corner{3 * 36 + 2 * 6 + 2, 3 * 36 + 2 * 6 + 3, 3 * 36 + 3 * 6 + 2};
    std::vector<double> solid(216, 0.0), block(216, 1.0), hollow(216, 1.0);
    for (const int at : corner) {
        solid[static_cast<std::size_t>(at)] = 1.0;
        hollow[static_cast<std::size_t>(at)] = 0.0;
    }
    const auto of = [](const std::vector<double>& values) {
        return morphology(region_of(small_image({6, 6, 6}, values, {1, 2, 3})));
    };
    CHECK(of(hollow).surface_area == Approx(of(block).surface_area + of(solid).surface_area));
    CHECK(of(hollow).volume == Approx(of(block).volume - of(solid).volume));
}

TEST_CASE("shape is the same in a mirror, and follows the size of voxels", "[texture]") {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        const auto small = random_image({6, 5, 4}, seed, 5, {1.0, 1.5, 2.0});
        const Morphology m = morphology(region_of(small));
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const Morphology other = morphology(region_of(test::mirrored(small, axis)));
            for (const Named<Morphology>& feature : morphology_features()) {
                INFO(feature.name);
                CHECK(other.*feature.value == Approx(m.*feature.value).epsilon(1e-9));
            }
        }
        auto doubled = small;
        for (double& entry : doubled.image.grid.affine) entry *= 2.0;
        const Morphology twice = morphology(region_of(doubled));
        CHECK(twice.volume == Approx(8 * m.volume));
        CHECK(twice.surface_area == Approx(4 * m.surface_area));
        CHECK(twice.volume_density_hull == Approx(m.volume_density_hull));
        CHECK(m.volume_density_hull <= 1.0);
        CHECK(m.volume_density_box <= m.volume_density_hull);
    }
}

TEST_CASE("spatial autocorrelation is the sum over all pairs", "[texture]") {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        const auto small = random_image({7, 5, 6}, seed, 9, {1.0, 1.5, 2.0});
        const Region region = region_of(small, {2.0, 9.0});
        double sum = 0, count = 0;
        const auto each = [&](const auto& visit) {
            for (int i = 0; i < 7 * 5 * 6; ++i) {
                const double value = small.image.values[static_cast<std::size_t>(i)];
                if (value >= 2.0) visit(value, 1.0 * (i % 7), 1.5 * (i / 7 % 5), 2.0 * (i / 35));
            }
        };
        each([&](double value, double, double, double) { sum += value, count += 1; });
        const double mean = sum / count;
        double weights = 0, products = 0, differences = 0, squares = 0;
        each([&](double a, double x, double y, double z) {
            squares += (a - mean) * (a - mean);
            each([&](double b, double u, double v, double w) {
                const double distance = std::hypot(x - u, y - v, z - w);
                if (!(distance > 0)) return;
                weights += 1 / distance;
                products += (a - mean) * (b - mean) / distance;
                differences += (a - b) * (a - b) / distance;
            });
        });
        const Autocorrelation found = autocorrelation(region);
        CHECK(found.moran == Approx(count / weights * products / squares).epsilon(1e-10));
        CHECK(found.geary == Approx((count - 1) / (2 * weights) * differences / squares).epsilon(1e-10));
    }
}

TEST_CASE("spatial autocorrelation of one voxel or equal intensities is no number", "[texture]") {
    CHECK(std::isnan(autocorrelation(region_of(small_image({1, 1, 1}, {2}))).moran));
    CHECK(std::isnan(autocorrelation(region_of(small_image({2, 2, 1}, {2, 2, 2, 2}))).geary));
}
