// Finding the head: Otsu's threshold on histograms with a known answer, the largest piece, and what it encloses.
#include "tare/imaging/head_mask.hpp"

#include <cmath>
#include <limits>
#include <numeric>

#include <catch2/catch.hpp>

using namespace tare;

namespace {

data::Volume volume_of(base::Index n, double value) {
    data::Volume volume;
    volume.grid.shape = {n, n, n};
    volume.values.assign(static_cast<std::size_t>(n * n * n), value);
    return volume;
}

double& at(data::Volume& volume, base::Index x, base::Index y, base::Index z) {
    const base::Index n = volume.grid.shape[0];
    return volume.values[static_cast<std::size_t>(x + n * (y + n * z))];
}

int count(const std::vector<unsigned char>& mask) {
    return std::accumulate(mask.begin(), mask.end(), 0);
}

}  // namespace

TEST_CASE("Otsu's threshold parts two classes where they meet", "[imaging][iqm]") {
    const std::vector<double> two{0.0, 0.0, 0.0, 256.0, 256.0};
    REQUIRE(imaging::otsu_threshold(two));
    CHECK(*imaging::otsu_threshold(two) == 1.0);
    // Three classes of 0, 10 and 100: parting 10 from 100 leaves less variance within than parting 0 from 10.
    const std::vector<double> three{0, 0, 0, 0, 10, 10, 10, 10, 100, 100, 100, 100};
    CHECK(*imaging::otsu_threshold(three) > 10.0);
    CHECK(*imaging::otsu_threshold(three) < 100.0);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(*imaging::otsu_threshold(std::vector<double>{nan, 0.0, 256.0, HUGE_VAL}) == 1.0);
}

TEST_CASE("values that are all equal, or none finite, have no threshold", "[imaging][iqm]") {
    CHECK(!imaging::otsu_threshold(std::vector<double>{3.0, 3.0}));
    CHECK(!imaging::otsu_threshold(std::vector<double>{std::numeric_limits<double>::quiet_NaN()}));
    CHECK(!imaging::otsu_threshold({}));
    CHECK(count(imaging::head_mask(volume_of(4, 0.0))) == 0);
}

TEST_CASE("the head is the largest bright piece with all that it encloses", "[imaging][iqm]") {
    data::Volume volume = volume_of(10, 0.0);
    for (int z = 2; z < 8; ++z) {
        for (int y = 2; y < 8; ++y) {
            for (int x = 2; x < 8; ++x) at(volume, x, y, z) = 100.0;
        }
    }
    at(volume, 4, 4, 4) = 0.0;
    at(volume, 5, 4, 4) = std::numeric_limits<double>::quiet_NaN();
    // A speck that touches by a corner alone, and a notch that is open to the air.
    at(volume, 8, 8, 8) = 100.0;
    at(volume, 2, 5, 5) = 0.0;
    const std::vector<unsigned char> mask = imaging::head_mask(volume);
    CHECK(count(mask) == 6 * 6 * 6 - 1);
    CHECK(mask[4 + 10 * (4 + 10 * 4)] == 1);
    CHECK(mask[5 + 10 * (4 + 10 * 4)] == 1);
    CHECK(mask[8 + 10 * (8 + 10 * 8)] == 0);
    CHECK(mask[2 + 10 * (5 + 10 * 5)] == 0);
}
