// Sets of voxels, and box counts beside a count of distinct boxes by a set of triples.
#include "tare/imaging/box_counting.hpp"

#include <limits>
#include <set>

#include <catch2/catch.hpp>

#include "tare/base/rng.hpp"

using namespace tare;
using imaging::Index;
using imaging::VoxelSet;
using Triple = std::array<Index, 3>;

namespace {

template <typename Inside>
VoxelSet made(const Triple& extents, const Inside& inside) {
    VoxelSet set(extents);
    for (Index z = 0; z < extents[2]; ++z) {
        for (Index y = 0; y < extents[1]; ++y) {
            for (Index x = 0; x < extents[0]; ++x) {
                if (inside(x, y, z)) set.insert(x, y, z);
            }
        }
    }
    return set;
}

Index distinct_boxes(const VoxelSet& set, Index side, const Triple& offset) {
    std::set<Triple> boxes;
    const Triple& extents = set.extents();
    for (Index z = 0; z < extents[2]; ++z) {
        for (Index y = 0; y < extents[1]; ++y) {
            for (Index x = 0; x < extents[0]; ++x) {
                if (set.contains(x, y, z))
                    boxes.insert({(x + offset[0]) / side, (y + offset[1]) / side, (z + offset[2]) / side});
            }
        }
    }
    return static_cast<Index>(boxes.size());
}

}  // namespace

TEST_CASE("a set of voxels knows its size, its bounds and its members", "[fractal]") {
    VoxelSet set({130, 3, 4});
    CHECK(set.empty());
    CHECK(set.size() == 0);
    set.insert(127, 1, 3);
    set.insert(64, 2, 1);
    set.insert(127, 1, 3);
    CHECK_FALSE(set.empty());
    CHECK(set.size() == 2);
    CHECK(set.lowest() == Triple{64, 1, 1});
    CHECK(set.highest() == Triple{127, 2, 3});
    CHECK(set.contains(127, 1, 3));
    CHECK_FALSE(set.contains(126, 1, 3));
    CHECK(set.row(1, 3)[1] == std::uint64_t{1} << 63U);
}

TEST_CASE("values above 0 and lists of labels make sets", "[fractal]") {
    const data::Grid grid{.shape = {3, 2, 1}};
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    VoxelSet positive({3, 2, 2});
    imaging::insert_above_zero(positive, 1, std::vector{0.0, 1.0, -2.0, nan, 0.25, 0.0});
    CHECK(positive.size() == 2);
    CHECK(positive.contains(1, 0, 1));
    CHECK(positive.contains(1, 1, 1));

    const data::Segmentation labels{grid, {0, 2, 41, 3, 2, 0}};
    const std::vector<VoxelSet> sets = imaging::of_labels(labels, {{2, 41}, {2, 2}, {}, {7}, {0}});
    REQUIRE(sets.size() == 5);
    CHECK(sets[0].size() == 3);
    CHECK(sets[1].size() == 2);
    CHECK(sets[2].empty());
    CHECK(sets[3].empty());
    CHECK(sets[4].size() == 2);
    CHECK(sets[0].contains(2, 0, 0));
}

TEST_CASE("box counts are those of distinct boxes, whatever shape, side and offset", "[fractal]") {
    base::Rng rng(3);
    for (const Triple& extents :
         {Triple{70, 5, 9}, Triple{1, 1, 1}, Triple{130, 3, 2}, Triple{64, 7, 1}, Triple{2, 9, 65}, Triple{33, 31, 12}}) {
        for (const double density : {0.002, 0.1, 0.9}) {
            VoxelSet set = made(extents, [&](Index, Index, Index) { return rng.uniform() < density; });
            if (set.empty()) set.insert(extents[0] - 1, 0, extents[2] / 2);
            for (const Index side : {1, 2, 3, 4, 7, 8, 16, 31, 32, 33, 64, 65, 100, 128, 256}) {
                const auto drawn = [&] { return static_cast<Index>(rng.below(static_cast<std::uint64_t>(side) + 1)); };
                for (const Triple& offset : {Triple{0, 0, 0}, Triple{side, side, side}, Triple{drawn(), drawn(), drawn()},
                                             Triple{drawn(), drawn(), drawn()}, Triple{drawn() + side, drawn(), 5 * side}}) {
                    CAPTURE(extents, density, side, offset);
                    CHECK(imaging::count_boxes(set, side, offset) == distinct_boxes(set, side, offset));
                }
            }
        }
    }
}

TEST_CASE("no voxel touches no box", "[fractal]") {
    CHECK(imaging::count_boxes(VoxelSet({9, 9, 9}), 4, {1, 2, 3}) == 0);
}

TEST_CASE("solids whose counts follow from their form have these counts", "[fractal]") {
    constexpr Index n = 64;
    const Triple cubic{n, n, n};
    const VoxelSet cube = made(cubic, [](Index, Index, Index) { return true; });
    const VoxelSet plane = made(cubic, [](Index, Index y, Index) { return y == 17; });
    const VoxelSet line = made(cubic, [](Index x, Index y, Index) { return x == 63 && y == 0; });
    const VoxelSet point = made(cubic, [](Index x, Index y, Index z) { return x == 1 && y == 63 && z == 32; });
    // Of the eight halves of every cube, those with an even number of upper halves: 4 of 8 at every level.
    const VoxelSet fractal = made(cubic, [](Index x, Index y, Index z) { return (x ^ y ^ z) == 0; });
    Index of_fractal = fractal.size();
    CHECK(of_fractal == 4096);
    for (Index side = 1; side <= n; side *= 2) {
        const Index along = n / side;
        CAPTURE(side);
        CHECK(imaging::count_boxes(cube, side, {0, 0, 0}) == along * along * along);
        CHECK(imaging::count_boxes(plane, side, {0, 0, 0}) == along * along);
        CHECK(imaging::count_boxes(line, side, {0, 0, 0}) == along);
        CHECK(imaging::count_boxes(point, side, {0, 0, 0}) == 1);
        CHECK(imaging::count_boxes(fractal, side, {0, 0, 0}) == of_fractal);
        of_fractal /= 4;
        if (side == 1) continue;
        CHECK(imaging::count_boxes(cube, side, {1, 0, side - 1}) == (along + 1) * along * (along + 1));
        CHECK(imaging::count_boxes(plane, side, {0, side - 1, 1}) == along * (along + 1));
    }
}

TEST_CASE("resampling to cubes keeps what lies where", "[fractal]") {
    const Triple extents{6, 4, 2};
    const VoxelSet set = made(extents, [](Index x, Index y, Index z) { return x >= 3 && y == 1 && z == 1; });
    SECTION("finer along one axis") {
        const VoxelSet finer = imaging::resampled(set, {1.0, 1.0, 3.0}, 1.0);
        CHECK(finer.extents() == Triple{6, 4, 6});
        CHECK(finer.size() == 3 * set.size());
        CHECK(finer.lowest() == Triple{3, 1, 3});
        CHECK(finer.highest() == Triple{5, 1, 5});
    }
    SECTION("the same") {
        const VoxelSet same = imaging::resampled(set, {0.7, 0.7, 0.7}, 0.7);
        CHECK(same.extents() == extents);
        CHECK(same.size() == set.size());
        CHECK(same.lowest() == set.lowest());
    }
    SECTION("coarser: the centre of a cube decides") {
        const VoxelSet coarser = imaging::resampled(set, {1.0, 1.0, 1.0}, 3.0);
        CHECK(coarser.extents() == Triple{2, 1, 1});
        CHECK(coarser.size() == 1);
        CHECK(coarser.contains(1, 0, 0));
    }
}
