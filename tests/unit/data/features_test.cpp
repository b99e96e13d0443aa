// What columns of values are: names, numbers or voxels; and where voxels lie.
#include "tare/data/features.hpp"

#include <cmath>

#include <catch2/catch.hpp>

using namespace tare::data;

namespace {

const Grid small{{4, 3, 2}, {-2, 0, 0, 90, 0, 2, 0, -126, 0, 0, 2.5, -72}};

}  // namespace

TEST_CASE("features say what they are, one by one and together") {
    const Features named = Features::named({"y", "z"});
    CHECK(named.kind() == FeatureKind::named);
    CHECK(named.count() == 2);
    CHECK(named.name(1) == "z");
    CHECK(called(named, 1) == "column 'z'");
    const Features numbered = Features::numbered(1000);
    CHECK(numbered.count() == 1000);
    CHECK(numbered.name(17) == "column 17");
    CHECK(called(numbered, 17) == "column 17 of the matrix");
    CHECK(described(numbered) == "1000 columns of a matrix");
    const Features voxels = Features::voxels(small, {0, 5, 23});
    CHECK(voxels.count() == 3);
    CHECK(voxels.names() == std::vector<std::string>{"voxel (0, 0, 0)", "voxel (1, 1, 0)", "voxel (3, 2, 1)"});
    CHECK(called(voxels, 2) == "voxel (3, 2, 1)");
    CHECK(described(voxels) == "3 voxels of 4 × 3 × 2");
    const Features volumes = Features::voxels({{4, 3, 2, 2}, small.affine}, {24, 47});
    CHECK(volumes.name(0) == "voxel (0, 0, 0, 1)");
    CHECK(volumes.name(1) == "voxel (3, 2, 1, 1)");
    CHECK(Features().count() == 0);
}

TEST_CASE("a selection keeps names, numbers and places, also of a selection") {
    const std::vector<Index> some{0, 2}, second{1};
    CHECK(Features::named({"x", "y", "z"}).selected(some).names() == std::vector<std::string>{"x", "z"});
    const std::vector<Index> columns{3, 9, 11};
    const Features numbered = Features::numbered(20).selected(columns);
    CHECK(numbered.count() == 3);
    CHECK(numbered.name(2) == "column 11");
    CHECK(numbered.selected(some).selected(second).name(0) == "column 11");
    const Features voxels = Features::voxels(small, {1, 5, 23}).selected(some);
    CHECK(voxels.inside() == std::vector<Index>{1, 23});
    CHECK(voxels.grid() == small);
}

TEST_CASE("features are equal where kind, names, grid and places are") {
    CHECK(Features::named({"x"}) == Features::named({"x"}));
    CHECK_FALSE(Features::named({"x"}) == Features::named({"y"}));
    CHECK_FALSE(Features::named({"x", "y"}) == Features::named({"y", "x"}));
    CHECK(Features::numbered(4) == Features::numbered(4));
    CHECK_FALSE(Features::numbered(4) == Features::numbered(5));
    CHECK_FALSE(Features::numbered(1) == Features::named({"column 0"}));
    CHECK(Features::voxels(small, {1, 2}) == Features::voxels(small, {1, 2}));
    CHECK_FALSE(Features::voxels(small, {1, 2}) == Features::voxels(small, {1, 3}));
    Grid other = small;
    other.shape = {3, 4, 2};
    CHECK_FALSE(Features::voxels(small, {1, 2}) == Features::voxels(other, {1, 2}));
}

TEST_CASE("a grid counts its voxels and says how it lies") {
    const Grid volumes{{4, 3, 2, 5}, small.affine};
    CHECK(small.values() == 24);
    CHECK(volumes.voxels() == 24);
    CHECK(volumes.values() == 120);
    CHECK(shape_text(volumes) == "4 × 3 × 2 × 5");
    CHECK(affine_text(small) == "[-2 0 0 90; 0 2 0 -126; 0 0 2.5 -72]");
}

TEST_CASE("the displacement of two grids is that of the corner which is furthest away") {
    Grid moved = small;
    CHECK(largest_displacement(small, moved) == 0.0);
    moved.affine[3] += 3.0;
    moved.affine[7] -= 4.0;
    CHECK(largest_displacement(small, moved) == Approx(5.0));
    // A larger voxel moves the far corner only: three steps of 0.1 mm.
    Grid stretched = small;
    stretched.affine[0] -= 0.1;
    CHECK(largest_displacement(small, stretched) == Approx(0.3));
    Grid broken = small;
    broken.affine[5] = NAN;
    CHECK(std::isnan(largest_displacement(small, broken)));
    CHECK(std::isnan(largest_displacement(broken, small)));
}
