// Voxels of grids that differ by the rounding of an affine map are the same voxels.
#include <catch2/catch.hpp>

#include "tare/data/features.hpp"

using namespace tare;

TEST_CASE("voxels are the same where no corner lies further apart than the tolerance") {
    const data::Grid grid = [] {
        data::Grid out;
        out.shape = {4, 5, 6};
        out.affine = {-2.0, 0.0, 0.0, 90.0, 0.0, 2.0, 0.0, -126.0, 0.0, 0.0, 2.0, -72.0};
        return out;
    }();
    data::Grid near = grid, far = grid;
    near.affine[3] += 1e-4;
    far.affine[3] += 0.1;
    const data::Features here = data::Features::voxels(grid, {0, 1, 7});
    CHECK(here.same_as(data::Features::voxels(near, {0, 1, 7})));
    CHECK_FALSE(here == data::Features::voxels(near, {0, 1, 7}));
    CHECK_FALSE(here.same_as(data::Features::voxels(far, {0, 1, 7})));
    CHECK_FALSE(here.same_as(data::Features::voxels(near, {0, 1, 8})));
    CHECK_FALSE(here.same_as(data::Features::numbered(3)));
}
