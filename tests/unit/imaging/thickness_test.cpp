// Thickness of layers whose thickness is known: slabs, also of voxels that are no cubes, spheres as voxels shrink, slanted
// layers, and pieces that touch one side only.
#include "tare/imaging/thickness.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <catch2/catch.hpp>

#include "../../../src/imaging/layer.hpp"
#include "tare/base/error.hpp"

using namespace tare;
using imaging::Index;
using imaging::laplace_thickness;
using imaging::LayerThickness;

namespace {

constexpr std::int32_t inner = 2, layer = 3;
const imaging::LayerLabels labels{{layer}, {inner}};

template <typename Label>
data::Segmentation made(std::array<Index, 3> extents, std::array<double, 3> sizes, const Label& label) {
    data::Segmentation out{{{extents[0], extents[1], extents[2]}, {sizes[0], 0, 0, 0, 0, sizes[1], 0, 0, 0, 0, sizes[2], 0}},
                           {}};
    for (Index z = 0; z < extents[2]; ++z) {
        for (Index y = 0; y < extents[1]; ++y) {
            for (Index x = 0; x < extents[0]; ++x) {
                // The voxel's centre, from the middle of the grid, in millimetres.
                const auto centre = [&](std::size_t axis, Index i) {
                    return (static_cast<double>(i) - static_cast<double>(extents[axis] - 1) / 2.0) * sizes[axis];
                };
                out.labels.push_back(label(centre(0, x), centre(1, y), centre(2, z)));
            }
        }
    }
    return out;
}

/// A shell between two spheres, whose centre lies off the middle of a voxel.
data::Segmentation shell(double from, double to, std::array<double, 3> sizes) {
    std::array<Index, 3> extents{};
    for (std::size_t axis = 0; axis < 3; ++axis)
        extents[axis] = 2 * static_cast<Index>(std::ceil((to + 2.0) / sizes[axis])) + 1;
    return made(extents, sizes, [&](double x, double y, double z) {
        const double r = std::hypot(x + 0.013, y - 0.021, z + 0.017);
        return r < from ? inner : r < to ? layer : 0;
    });
}

struct Errors {
    double mean, root_mean_square, largest;
};

Errors errors_of(const LayerThickness& found, double truth) {
    Errors out{};
    const auto n = static_cast<double>(found.thickness.size());
    for (const double value : found.thickness) {
        REQUIRE(std::isfinite(value));
        out.mean += (value - truth) / n;
        out.root_mean_square += (value - truth) * (value - truth) / n;
        out.largest = std::max(out.largest, std::abs(value - truth));
    }
    out.root_mean_square = std::sqrt(out.root_mean_square);
    return out;
}

}  // namespace

TEST_CASE("a slab has its thickness in every voxel, along any axis", "[thickness]") {
    for (const std::size_t axis : {0U, 1U, 2U}) {
        for (const Index voxels : {1, 2, 5}) {
            const std::array<double, 3> sizes{0.8, 1.0, 2.5};
            std::array<Index, 3> extents{4, 3, 3};
            extents[axis] = voxels + 4;
            const double size = sizes[axis], edge = -static_cast<double>(voxels) * size / 2.0;
            const auto slab = made(extents, sizes, [&](double x, double y, double z) {
                const double along = axis == 0 ? x : axis == 1 ? y : z;
                return along < edge ? inner : along < -edge ? layer : 0;
            });
            const LayerThickness found = laplace_thickness(slab, labels);
            CAPTURE(axis, voxels);
            REQUIRE(found.thickness.size() == static_cast<std::size_t>(voxels * 4 * 9 / (axis == 0 ? 4 : 3)));
            CHECK(found.apart == 0);
            CHECK(errors_of(found, size * static_cast<double>(voxels)).largest < 1e-8);
        }
    }
}

TEST_CASE("the potential of a slab is a straight line between the faces of its sides", "[thickness]") {
    const auto slab = made({8, 2, 2}, {1, 1, 1}, [](double x, double, double) {
        return x < -2 ? inner : x < 2 ? layer : 0;
    });
    const auto whole = imaging::detail::whole_layer(slab, labels);
    const std::vector<double> potential = imaging::detail::potential(whole);
    REQUIRE(potential.size() == 16);
    for (std::size_t at = 0; at < potential.size(); ++at) {
        const auto x = static_cast<double>(whole.positions[at] % 8 - 2);
        CHECK(potential[at] == Approx((x + 0.5) / 4.0).epsilon(1e-9));
    }
}

TEST_CASE("a slab across the voxels' diagonals is found to a fifth of a voxel", "[thickness]") {
    constexpr double thickness = 4.0;
    const auto slab = made({40, 40, 30}, {1, 1, 1}, [&](double x, double y, double z) {
        const double along = (x + y + 0.5 * z) / 1.5;
        return along < -thickness / 2 ? inner : along < thickness / 2 ? layer : 0;
    });
    const LayerThickness all = laplace_thickness(slab, labels);
    // Field lines may not leave the image, and so bend near its edge.
    LayerThickness middle;
    for (std::size_t i = 0; i < all.positions.size(); ++i) {
        const Index x = all.positions[i] % 40, y = all.positions[i] / 40 % 40, z = all.positions[i] / 1600;
        if (std::min({x, y, 39 - x, 39 - y, z, 29 - z}) >= 8) middle.thickness.push_back(all.thickness[i]);
    }
    REQUIRE(middle.thickness.size() > 500);
    const Errors errors = errors_of(middle, thickness);
    CAPTURE(errors.mean, errors.root_mean_square, errors.largest);
    CHECK(std::abs(errors.mean) < 0.1);
    CHECK(errors.root_mean_square < 0.2);
}

TEST_CASE("a shell between spheres is found to half a voxel, and better as voxels shrink", "[thickness]") {
    constexpr double truth = 3.0;
    std::vector<Errors> errors;
    for (const double size : {1.0, 0.5, 0.25}) {
        errors.push_back(errors_of(laplace_thickness(shell(10.0, 10.0 + truth, {size, size, size}), labels), truth));
        CAPTURE(size, errors.back().mean, errors.back().root_mean_square, errors.back().largest);
        CHECK(std::abs(errors.back().mean) < 0.1 * size);
        CHECK(errors.back().root_mean_square < 0.2 * size);
        CHECK(errors.back().largest < 0.8 * size);
    }
    for (std::size_t i = 1; i < errors.size(); ++i) {
        CHECK(errors[i].root_mean_square < 0.6 * errors[i - 1].root_mean_square);
        CHECK(errors[i].largest < 0.7 * errors[i - 1].largest);
    }
}

TEST_CASE("a shell of voxels that are no cubes is found to half of their longest edge", "[thickness]") {
    const Errors errors = errors_of(laplace_thickness(shell(10.0, 13.0, {1.0, 0.5, 2.0}), labels), 3.0);
    CHECK(std::abs(errors.mean) < 0.1);
    CHECK(errors.root_mean_square < 0.5);
    CHECK(errors.largest < 1.2);
}

TEST_CASE("scaling the voxels scales the thickness", "[thickness]") {
    const LayerThickness one = laplace_thickness(shell(5.0, 8.0, {1, 1, 1}), labels);
    data::Segmentation scaled = shell(5.0, 8.0, {1, 1, 1});
    for (double& entry : scaled.grid.affine) entry *= 0.25;
    const LayerThickness quarter = laplace_thickness(scaled, labels);
    REQUIRE(one.thickness.size() == quarter.thickness.size());
    for (std::size_t i = 0; i < one.thickness.size(); ++i) CHECK(quarter.thickness[i] == Approx(one.thickness[i] / 4.0));
}

TEST_CASE("pieces of a layer that touch one side only, or none, have no thickness", "[thickness]") {
    auto slab = made({24, 3, 3}, {1, 1, 1}, [](double x, double, double) { return x < -8 ? inner : x < -5 ? layer : 0; });
    const LayerThickness before = laplace_thickness(slab, labels);
    // A piece out in the open, one within the inner side.
    slab.labels[20] = slab.labels[21] = layer;
    slab.labels[1 + 24] = layer;
    const LayerThickness found = laplace_thickness(slab, labels);
    CHECK(found.apart == 3);
    CHECK(found.pieces_apart == 2);
    REQUIRE(found.positions.size() == before.positions.size() + 3);
    std::size_t next = 0;
    for (std::size_t i = 0; i < found.positions.size(); ++i) {
        const Index at = found.positions[i];
        if (at == 20 || at == 21 || at == 25) {
            CHECK(std::isnan(found.thickness[i]));
        } else {
            CHECK(at == before.positions[next]);
            CHECK(found.thickness[i] == Approx(before.thickness[next]));
            ++next;
        }
    }
}

TEST_CASE("where the potential is flat there is no thickness, and the rest has its own", "[thickness]") {
    // A thread of one voxel out of a slab: the potential along it is 1 to rounding before it ends.
    const auto threaded = made({60, 5, 5}, {1, 1, 1}, [](double x, double y, double z) {
        if (x < -27) return inner;
        return x < -23 || (y == 0.0 && z == 0.0 && x < 20) ? layer : 0;
    });
    const LayerThickness found = laplace_thickness(threaded, labels);
    CHECK(found.apart == 0);
    CHECK(found.flat > 10);
    CHECK(found.flat < 40);
    Index none = 0;
    for (std::size_t i = 0; i < found.positions.size(); ++i) {
        const Index x = found.positions[i] % 60, y = found.positions[i] / 60 % 5, z = found.positions[i] / 300;
        if (std::isnan(found.thickness[i])) ++none;
        // Down the middle field lines enter the thread.
        if (x < 7 && (y != 2 || z != 2)) CHECK(found.thickness[i] == Approx(4.0).epsilon(0.2));
    }
    CHECK(none == found.flat);
}

TEST_CASE("without a layer, or without an inner side, there is no thickness", "[thickness]") {
    const auto nothing = made({4, 4, 4}, {1, 1, 1}, [](double, double, double) { return 0; });
    CHECK(laplace_thickness(nothing, labels).positions.empty());
    const auto alone = made({4, 4, 4}, {1, 1, 1}, [](double x, double, double) { return x < 0 ? layer : 0; });
    const LayerThickness found = laplace_thickness(alone, labels);
    CHECK(found.apart == 32);
    CHECK(std::all_of(found.thickness.begin(), found.thickness.end(), [](double value) { return std::isnan(value); }));
    const auto everywhere = made({3, 3, 3}, {1, 1, 1}, [](double, double, double) { return layer; });
    CHECK(laplace_thickness(everywhere, labels).apart == 27);
}

TEST_CASE("a layer that fills a fold has a thickness in every voxel", "[thickness]") {
    // Two banks of a closed fold: no outer voxel between them but at its opening.
    const auto fold = made({21, 9, 20}, {1, 1, 1}, [](double x, double, double z) {
        if (std::abs(x) > 3.5 && z < 4.0) return inner;
        if (z < -6.0) return inner;
        return z > 7.0 ? 0 : layer;
    });
    const LayerThickness found = laplace_thickness(fold, labels);
    CHECK(found.apart == 0);
    for (const double value : found.thickness) {
        REQUIRE(std::isfinite(value));
        CHECK(value >= 0.5);
        // No field line is longer than down the middle of the fold and across to its wall.
        CHECK(value < 25.0);
    }
}

TEST_CASE("a potential that is not a number is an error, not thickness", "[thickness]") {
    // The square of such an edge is 0, and one over it infinite.
    constexpr double edge = 1e-200;
    const auto slab = made({6, 3, 3}, {edge, edge, edge}, [](double x, double, double) {
        return x < -1.4 * edge ? inner : x < edge ? layer : 0;
    });
    CHECK_THROWS_WITH(laplace_thickness(slab, labels), "the potential across the layer does not settle");
}
