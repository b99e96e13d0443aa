// Matrices of grey levels, by images so small that their matrices can be written down.
#include <cmath>

#include <catch2/catch.hpp>

#include "small_region.hpp"
#include "tare/imaging/texture/cooccurrence.hpp"
#include "tare/imaging/texture/neighbours.hpp"
#include "tare/imaging/texture/runs.hpp"
#include "tare/imaging/texture/zones.hpp"

using namespace tare;
using namespace tare::imaging::texture;
using test::levels_of;

TEST_CASE("co-occurrence of two voxels", "[texture]") {
    const Cooccurrence c = cooccurrence(levels_of({2, 1, 1}, {1, 3}), Aggregation::volume_merged);
    CHECK(c.joint_maximum == 0.5);
    CHECK(c.joint_average == 2);
    CHECK(c.joint_variance == 1);
    CHECK(c.joint_entropy == 1);
    CHECK(c.difference_average == 2);
    CHECK(c.difference_variance == 0);
    CHECK(c.difference_entropy == 0);
    CHECK(c.sum_average == 4);
    CHECK(c.sum_variance == 0);
    CHECK(c.angular_second_moment == 0.5);
    CHECK(c.contrast == 4);
    CHECK(c.dissimilarity == 2);
    CHECK(c.inverse_difference == Approx(1.0 / 3));
    CHECK(c.inverse_difference_normalised == Approx(1 / (1 + 2.0 / 3)));
    CHECK(c.inverse_difference_moment == Approx(0.2));
    CHECK(c.inverse_difference_moment_normalised == Approx(1 / (1 + 4.0 / 9)));
    CHECK(c.inverse_variance == Approx(0.25));
    CHECK(c.correlation == Approx(-1));
    CHECK(c.autocorrelation == 3);
    CHECK(c.cluster_tendency == 0);
    CHECK(c.information_correlation_1 == Approx(-1));
    CHECK(c.information_correlation_2 == Approx(std::sqrt(1 - std::exp(-2.0))));
}

TEST_CASE("co-occurrence counts pairs both ways, and directions without pairs do not dilute the average", "[texture]") {
    // Along x: 11, 12; along y: 11, 12; diagonals: 12 and 11.
    const Levels square = levels_of({2, 2, 1}, {1, 1, 1, 2});
    CHECK(cooccurrence(square, Aggregation::volume_merged).joint_maximum == Approx(0.5));
    CHECK(cooccurrence(square, Aggregation::volume_merged).contrast == Approx(0.5));
    CHECK(cooccurrence(square, Aggregation::slices_average).contrast == Approx((0.5 + 0.5 + 1.0 + 0.0) / 4));
    CHECK(cooccurrence(square, Aggregation::volume_average).contrast == Approx(0.5));
    const std::vector<double> pairs{4, 3, 3, 0};
    CHECK(cooccurrence_of(pairs, 2).joint_maximum == Approx(0.4));
}

TEST_CASE("slices are averaged or merged", "[texture]") {
    // Two slices: one pair of equal levels, and three voxels with two unequal pairs.
    const Levels levels = levels_of({3, 1, 2}, {1, 1, 0, 1, 2, 1});
    CHECK(cooccurrence(levels, Aggregation::slices_merged).contrast == Approx(0.5));
    CHECK(cooccurrence(levels, Aggregation::slices_average).contrast == Approx(0.5));
    CHECK(cooccurrence(levels, Aggregation::directions_merged).contrast == Approx(2.0 / 3));
    CHECK(cooccurrence(levels, Aggregation::directions_average).contrast == Approx(2.0 / 3));
}

TEST_CASE("what is undefined of one voxel, and of one level, is no number", "[texture]") {
    const Levels one = levels_of({1, 1, 1}, {3});
    for (const NamedAggregation& aggregation : aggregations()) {
        const Cooccurrence c = cooccurrence(one, aggregation.aggregation);
        for (const Named<Cooccurrence>& feature : cooccurrence_features()) CHECK(std::isnan(c.*feature.value));
        CHECK(run_lengths(one, aggregation.aggregation).small == 1);
        CHECK(std::isnan(tone_difference(one, aggregation.extent).coarseness));
        CHECK(dependence(one, aggregation.extent).entropy == 0);
    }
    const Cooccurrence constant = cooccurrence(levels_of({3, 1, 1}, {2, 2, 2}), Aggregation::volume_merged);
    CHECK(std::isnan(constant.correlation));
    CHECK(std::isnan(constant.information_correlation_1));
    CHECK(constant.information_correlation_2 == 0);
    CHECK(constant.contrast == 0);
    CHECK(constant.joint_maximum == 1);
    const ToneDifference tone = tone_difference(levels_of({3, 1, 1}, {2, 2, 2}), Extent::volume);
    CHECK(tone.coarseness == 1e6);
    CHECK(tone.contrast == 0);
    CHECK(tone.busyness == 0);
    CHECK(tone.complexity == 0);
    CHECK(tone.strength == 0);
}

TEST_CASE("runs along a line", "[texture]") {
    // Along x: 1 twice, 2 once, 1 once; the gap ends a run. In the twelve other directions every voxel is a run.
    const Levels levels = levels_of({5, 1, 1}, {1, 1, 2, 0, 1});
    const Emphases merged = run_lengths(levels, Aggregation::volume_merged);
    const double runs = 3 + 12 * 4;
    CHECK(merged.percentage == Approx(runs / 52));
    CHECK(merged.large == Approx((4 + 1 + 1 + 48) / runs));
    CHECK(merged.small == Approx((0.25 + 2 + 48) / runs));
    CHECK(merged.high == Approx((1 + 4 + 1 + 12 * 7) / runs));
    const Emphases average = run_lengths(levels, Aggregation::volume_average);
    CHECK(average.large == Approx((2.0 + 12) / 13));
    CHECK(average.percentage == Approx((0.75 + 12) / 13));
}

TEST_CASE("zones join over corners, and within slices over corners of the slice", "[texture]") {
    const Levels levels = levels_of({2, 2, 2}, {1, 2, 2, 1,  //
                                                2, 2, 2, 1});
    const std::vector<Zone> space = zones(levels, false);
    REQUIRE(space.size() == 2);
    CHECK(space[0].level == 1);
    CHECK(space[0].size == 3);
    CHECK(space[1].size == 5);
    CHECK(space[1].distance == 1);
    const std::vector<Zone> slices = zones(levels, true);
    REQUIRE(slices.size() == 4);
    CHECK(slices[2].size == 3);
    CHECK(slices[2].slice == 2);
    const Emphases merged = zone_sizes(levels, Extent::slices_merged, slices);
    CHECK(merged.percentage == Approx(0.5));
    CHECK(merged.large == Approx((4 + 4 + 9 + 1) / 4.0));
    const Emphases apart = zone_sizes(levels, Extent::slices, slices);
    CHECK(apart.large == Approx((4 + 5) / 2.0));
    CHECK(zone_sizes(levels, Extent::volume, space).level_non_uniformity == Approx(1));
}

TEST_CASE("distances lead to the border of the structure, measured or not", "[texture]") {
    // A square of 5 × 5, its middle brighter.
    std::vector<double> values(25, 1.0);
    values[12] = 2;
    const std::vector<Zone> found = zones(levels_of({5, 5, 1}, values), true);
    REQUIRE(found.size() == 2);
    CHECK(found[0].distance == 1);
    CHECK(found[1].distance == 3);
    // In space the square is one voxel thick.
    CHECK(zones(levels_of({5, 5, 1}, values), false)[1].distance == 1);
    // Intensities that are not measured do not move the border.
    values[7] = 9;
    const Region region = test::region_of(test::small_image({5, 5, 1}, values), {1.0, 2.0});
    CHECK(region.measured_voxels == 24);
    CHECK(zones(discretise(region, {Discretisation::Kind::none, 0}), true)[1].distance == 3);
}

TEST_CASE("differences of tone from the neighbours' mean", "[texture]") {
    const Levels levels = levels_of({3, 1, 1}, {1, 2, 4});
    // |1 − 2|, |2 − 2.5|, |4 − 2|, each of one of three voxels.
    const ToneDifference t = tone_difference(levels, Extent::volume);
    const double differences = 3.5, weighted = 3.5 / 3;
    CHECK(t.coarseness == Approx(1 / weighted));
    CHECK(t.contrast == Approx(2 * (1 + 4 + 9) / 9.0 / 6 * differences / 3));
    CHECK(t.busyness == Approx(weighted / (2 * (1 + 2 + 3) / 3.0)));
    CHECK(t.complexity == Approx(2 * (1 * 1.5 / 2 + 2 * 2.5 / 2 + 3 * 3.0 / 2) / 3));
    CHECK(t.strength == Approx(2 * (2.0 / 3) * (1 + 4 + 9) / differences));
}

TEST_CASE("dependence counts alike neighbours and the voxel itself", "[texture]") {
    const Emphases d = dependence(levels_of({4, 1, 1}, {1, 1, 1, 2}), Extent::slices_merged);
    // Level 1: two voxels with 2, one with 3; level 2: one with 1.
    CHECK(d.large == Approx((4 + 9 + 4 + 1) / 4.0));
    CHECK(d.small == Approx((0.25 + 1.0 / 9 + 0.25 + 1) / 4));
    CHECK(d.percentage == 1);
    CHECK(d.energy == Approx(0.25 + 1.0 / 16 + 1.0 / 16));
    CHECK(d.entropy == Approx(1.5));
    CHECK(d.level_non_uniformity == Approx((9 + 1) / 4.0));
}
