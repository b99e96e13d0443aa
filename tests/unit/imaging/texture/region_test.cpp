// Cutting structures out of images, and how intensities become grey levels.
#include "tare/imaging/texture/region.hpp"

#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

#include "small_region.hpp"
#include "tare/base/error.hpp"

using namespace tare;
using namespace tare::imaging::texture;
using test::region_of;
using test::small_image;

namespace {

std::vector<int> inner_levels(const Levels& levels) {
    std::vector<int> out;
    for (std::size_t i = 0; i < levels.level.size(); ++i) {
        if (levels.structure[i] != 0) out.push_back(levels.level[i]);
    }
    return out;
}

}  // namespace

TEST_CASE("a region is cut with a margin around it", "[texture]") {
    const auto small = small_image({4, 3, 2}, {0, 0, 0, 0, 0, 5, 7, 0, 0, 0, 0, 0,  //
                                               0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0});
    const Region region = region_of(small);
    CHECK(region.box.extents == std::array<Index, 3>{4, 3, 4});
    CHECK(region.begin == std::array<Index, 3>{0, 0, -1});
    CHECK(region.structure_voxels == 3);
    CHECK(region.sorted_values() == std::vector<double>{5, 7, 9});
    CHECK(region.values[region.box.at(1, 1, 1)] == 5);
    CHECK(region.values[region.box.at(2, 1, 2)] == 9);
    CHECK(region.structure[region.box.at(1, 1, 2)] == 0);
}

TEST_CASE("several labels make one region, and a label that is missing an empty one", "[texture]") {
    auto small = small_image({3, 1, 1}, {1, 2, 3});
    small.labels.labels = {4, 0, 7};
    const std::vector<LabelBox> boxes = label_boxes(small.labels);
    REQUIRE(boxes.size() == 2);
    CHECK(boxes[1].label == 7);
    const std::vector<std::int32_t> both{4, 7}, missing{5};
    CHECK(cut_region(small.image, small.labels, boxes, both).sorted_values() == std::vector<double>{1, 3});
    CHECK(cut_region(small.image, small.labels, boxes, missing).structure_voxels == 0);
    CHECK(region_box(small.image.grid, boxes, missing).voxels() == 0);
    CHECK(region_box(small.image.grid, boxes, both).voxels() == 45);
}

TEST_CASE("intensities out of range, and those that are no numbers, are not measured", "[texture]") {
    auto small = small_image({4, 1, 1}, {1, 2, 3, 4});
    small.image.values[0] = std::numeric_limits<double>::quiet_NaN();
    const Region region = region_of(small, {2.0, 3.0});
    CHECK(region.structure_voxels == 4);
    CHECK(region.measured_voxels == 2);
    CHECK(region.not_numbers == 1);
    CHECK(region.sorted_values() == std::vector<double>{2, 3});
}

TEST_CASE("a number of bins spans a region's own intensities", "[texture]") {
    const Region region = region_of(small_image({5, 1, 1}, {10, 12.4, 12.5, 19.9, 20}));
    const Levels levels = discretise(region, {Discretisation::Kind::bins, 4});
    CHECK(inner_levels(levels) == std::vector<int>{1, 1, 2, 4, 4});
    CHECK(levels.count == 4);
    CHECK(levels.voxels == 5);
}

TEST_CASE("bins of a size begin at the range's lower end, or at the smallest intensity", "[texture]") {
    const Region region = region_of(small_image({4, 1, 1}, {10, 14.9, 15, 31}));
    CHECK(inner_levels(discretise(region, {Discretisation::Kind::size, 5})) == std::vector<int>{1, 1, 2, 5});
    const IntensityRange range{0.0, 100.0};
    CHECK(inner_levels(discretise(region, {Discretisation::Kind::size, 5}, range)) == std::vector<int>{3, 3, 4, 7});
}

TEST_CASE("a region of one intensity has one level", "[texture]") {
    const Region region = region_of(small_image({3, 1, 1}, {8, 8, 8}));
    CHECK(inner_levels(discretise(region, {Discretisation::Kind::bins, 32})) == std::vector<int>{1, 1, 1});
    CHECK(inner_levels(discretise(region, {Discretisation::Kind::size, 25})) == std::vector<int>{1, 1, 1});
}

TEST_CASE("grey levels that cannot be are refused", "[texture]") {
    const Region region = region_of(small_image({2, 1, 1}, {1.5, 3}));
    CHECK_THROWS_WITH(discretise(region, {Discretisation::Kind::none, 0}), "intensity 1.5 is no grey level");
    const Region negative = region_of(small_image({2, 1, 1}, {-2, 3}));
    CHECK_THROWS_WITH(discretise(negative, {Discretisation::Kind::none, 0}), "intensity -2 is no grey level");
    CHECK_THROWS_WITH(discretise(region, {Discretisation::Kind::size, 1e-4}), "15001 grey levels, more than 4096");
    const Region high = region_of(small_image({2, 1, 1}, {1, 5000}));
    CHECK_THROWS_AS(discretise(high, {Discretisation::Kind::none, 0}), base::Error);
    CHECK_THROWS_AS(discretise(high, {Discretisation::Kind::bins, 5000}), base::Error);
}
