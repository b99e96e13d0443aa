// The convex hull at the largest coordinates that it takes.
#include "../../../../src/imaging/texture/hull.hpp"

#include <catch2/catch.hpp>

#include "tare/base/error.hpp"

using namespace tare::imaging::texture;

namespace {

/// The corners of a cube with one corner at the origin, and its middle.
std::vector<HalfVoxels> cube(std::int64_t edge) {
    std::vector<HalfVoxels> points{{edge / 2, edge / 2, edge / 2}};
    for (const std::int64_t x : {std::int64_t{0}, edge}) {
        for (const std::int64_t y : {std::int64_t{0}, edge}) {
            for (const std::int64_t z : {std::int64_t{0}, edge}) points.push_back({x, y, z});
        }
    }
    return points;
}

}  // namespace

TEST_CASE("the hull of the largest cube has twelve triangles, and none at its middle", "[texture]") {
    const std::vector<std::array<std::size_t, 3>> triangles = convex_hull(cube(hull_extent - 1));
    CHECK(triangles.size() == 12);
    for (const auto& triangle : triangles) {
        for (const std::size_t corner : triangle) CHECK(corner != 0);
    }
}

TEST_CASE("a hull whose determinants might not fit is refused", "[texture]") {
    CHECK_THROWS_AS(convex_hull(cube(hull_extent)), tare::base::Error);
    CHECK_THROWS_AS(convex_hull({{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, -1}}), tare::base::Error);
}
