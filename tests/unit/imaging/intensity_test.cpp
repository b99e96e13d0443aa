// Intensity methods on values whose answer is known, and how they answer to a change of units.
#include "tare/imaging/intensity.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <catch2/catch.hpp>

#include "tare/base/error.hpp"
#include "tare/base/rng.hpp"

using namespace tare;
using namespace tare::imaging;

namespace {

/// Three tissues with normal intensities, as in the brain of a T1-weighted image; ascending.
std::vector<double> brain(std::uint64_t seed = 3) {
    base::Rng rng(seed);
    std::vector<double> values;
    for (const auto& [mean, sd, count] : {std::tuple{40.0, 6.0, 1500}, {80.0, 5.0, 4000}, {110.0, 4.0, 3500}}) {
        for (int i = 0; i < count; ++i) values.push_back(mean + sd * rng.normal());
    }
    std::sort(values.begin(), values.end());
    return values;
}

std::vector<double> mapped(const std::vector<double>& values, const IntensityMap& map) {
    std::vector<double> out;
    for (const double x : values) out.push_back(map(x));
    return out;
}

std::vector<double> rescaled(std::vector<double> values, double factor, double offset) {
    for (double& x : values) x = factor * x + offset;
    return values;
}

double mean(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double sd(std::span<const double> values) {
    double sum = 0.0;
    for (const double x : values) sum += (x - mean(values)) * (x - mean(values));
    return std::sqrt(sum / static_cast<double>(values.size()));
}

void check_close(const std::vector<double>& a, const std::vector<double>& b, double margin) {
    REQUIRE(a.size() == b.size());
    double worst = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]));
    CHECK(worst <= margin);
}

constexpr IntensityOptions with(IntensityMethod method) {
    return {.method = method};
}

}  // namespace

TEST_CASE("z-scores have mean 0 and SD 1", "[imaging][normalise]") {
    const std::vector<double> values = brain();
    const std::vector<double> out = mapped(values, intensity_map(values, with(IntensityMethod::zscore), {}));
    CHECK(mean(out) == Approx(0.0).margin(1e-12));
    CHECK(sd(out) == Approx(1.0).epsilon(1e-12));
    const std::vector<double> two{1.0, 3.0};
    CHECK(mapped(two, intensity_map(two, with(IntensityMethod::zscore), {})) == std::vector<double>{-1.0, 1.0});
}

TEST_CASE("the white stripe has mean 0 and SD 1, and lies in white matter", "[imaging][normalise]") {
    const std::vector<double> values = brain();
    const IntensityMap map = intensity_map(values, with(IntensityMethod::whitestripe), {});
    CHECK(map.shift == Approx(110.0).margin(1.5));
    const double mode = tissue_mode(values, Modality::t1, 0.0);
    const auto below = std::count_if(values.begin(), values.end(), [&](double x) { return x < mode; });
    const double share = static_cast<double>(below) / static_cast<double>(values.size());
    // Between quantiles that lie between order statistics, nothing is on the edge.
    const auto first = static_cast<std::size_t>(std::ceil((share - 0.05) * static_cast<double>(values.size() - 1))),
               last = static_cast<std::size_t>(std::floor((share + 0.05) * static_cast<double>(values.size() - 1)));
    const std::vector<double> out = mapped(values, map);
    const auto stripe = std::span(out).subspan(first, last - first + 1);
    CHECK(mean(stripe) == Approx(0.0).margin(1e-9));
    CHECK(sd(stripe) == Approx(1.0).epsilon(1e-9));
}

TEST_CASE("the density's peaks are found where tissues are", "[imaging][normalise]") {
    const std::vector<double> values = brain();
    // Grid steps are about one unit.
    CHECK(tissue_mode(values, Modality::t1, 0.0) == Approx(110.0).margin(1.5));
    CHECK(tissue_mode(values, Modality::pd, 0.0) == Approx(40.0).margin(2.0));
    CHECK(tissue_mode(values, Modality::flair, 2.0) == Approx(110.0).margin(1.5));
    const IntensityMap map = intensity_map(values, with(IntensityMethod::kde), {});
    CHECK(map(110.0) == Approx(1.0).margin(0.015));
    CHECK(map(0.0) == 0.0);
    // Values that lie so that the middle one of 80 grid points has all, and no grid point is a peak at an end.
    CHECK(tissue_mode(std::vector<double>{0.0, 50.0, 50.0, 50.0, 100.0}, Modality::t2, 1.0) == Approx(50.0).margin(0.7));
}

TEST_CASE("fuzzy means of three tight classes are their values", "[imaging][normalise]") {
    std::vector<double> values;
    for (const double centre : {10.0, 20.0, 40.0}) {
        for (int i = 0; i < 100; ++i) values.push_back(centre);
    }
    const auto means = fuzzy_means(values);
    // A class's value belongs to it alone as soon as a centre is on it.
    CHECK(means[0] == Approx(10.0).epsilon(1e-6));
    CHECK(means[1] == Approx(20.0).epsilon(1e-6));
    CHECK(means[2] == Approx(40.0).epsilon(1e-6));
    CHECK(intensity_map(values, with(IntensityMethod::fcm), {})(40.0) == Approx(1.0).epsilon(1e-6));
    CHECK_THROWS_AS(fuzzy_means(std::vector<double>{1.0, 1.0, 2.0}), base::Error);
}

TEST_CASE("Nyul's map takes landmarks to the standard exactly and is drawn on beyond them", "[imaging][normalise]") {
    const std::vector<double> values = brain(), other = rescaled(brain(4), 2.5, 10.0);
    const IntensityOptions options = with(IntensityMethod::nyul);
    const std::vector<std::vector<double>> own{own_standard(values, options), own_standard(other, options)};
    const std::vector<double> standard = common_standard(own);
    CHECK(standard.front() == 1.0);
    CHECK(standard.back() == Approx(100.0).epsilon(1e-14));
    for (const auto& image : {values, other}) {
        const IntensityMap map = intensity_map(image, options, standard);
        REQUIRE(map.from.size() == nyul_percentiles().size());
        for (std::size_t k = 0; k < standard.size(); ++k) CHECK(map(map.from[k]) == standard[k]);
        const double slope = (map.to[1] - map.to[0]) / (map.from[1] - map.from[0]);
        CHECK(map(map.from[0] - 3.0) == Approx(map.to[0] - 3.0 * slope).epsilon(1e-12));
        CHECK(map(map.from[10] + 3.0) > map.to[10]);
    }
    // One image is its own standard up to a straight line.
    const IntensityMap alone = intensity_map(values, options, own.front());
    CHECK(alone(alone.from[5]) == Approx(own.front()[5]));
}

TEST_CASE("landmarks that coincide leave one knot", "[imaging][normalise]") {
    std::vector<double> values(100, 5.0);
    for (int i = 0; i < 100; ++i) values.push_back(6.0 + i);
    const IntensityOptions options = with(IntensityMethod::nyul);
    const IntensityMap map = intensity_map(values, options, own_standard(values, options));
    CHECK(map.from.size() == 7);  // the 50th lies between 5 and 6
    for (const double x : {0.0, 5.0, 5.5, 50.0, 200.0}) CHECK(std::isfinite(map(x)));
    CHECK(map(5.0) == 1.0);
}

TEST_CASE("least squares brings tissue means to the standard's", "[imaging][normalise]") {
    const std::vector<double> values = brain();
    const IntensityOptions options = with(IntensityMethod::lsq);
    const std::vector<double> standard = own_standard(values, options);
    const auto means = fuzzy_means(values);
    const IntensityMap map = intensity_map(values, options, standard);
    for (std::size_t k = 0; k < 3; ++k) CHECK(map(means[k]) == Approx(standard[k]).epsilon(1e-12));
    const std::vector<double> brighter = rescaled(values, 3.0, 0.0);
    check_close(mapped(brighter, intensity_map(brighter, options, standard)), mapped(values, map), 1e-9);
}

TEST_CASE("a change of units leaves what is normalised alone", "[imaging][normalise]") {
    const std::vector<double> values = brain(), other = brain(9);
    for (const IntensityMethod method : {IntensityMethod::zscore, IntensityMethod::whitestripe, IntensityMethod::nyul,
                                         IntensityMethod::kde, IntensityMethod::fcm, IntensityMethod::lsq}) {
        // Methods that only divide know no offset.
        const bool divides =
            method == IntensityMethod::kde || method == IntensityMethod::fcm || method == IntensityMethod::lsq;
        const IntensityOptions options = with(method);
        std::vector<double> standard;
        if (needs_standard(method)) standard = own_standard(other, options);
        const std::vector<double> changed = rescaled(values, 4.0, divides ? 0.0 : 32.0);
        INFO(static_cast<int>(method));
        check_close(mapped(changed, intensity_map(changed, options, standard)),
                    mapped(values, intensity_map(values, options, standard)), 1e-8);
    }
}

TEST_CASE("intensities that no method can scale are refused", "[imaging][normalise]") {
    const std::vector<double> constant(50, 3.0);
    const std::vector<double> standard{1.0, 2.0, 3.0};
    for (const IntensityMethod method : {IntensityMethod::zscore, IntensityMethod::whitestripe, IntensityMethod::kde,
                                         IntensityMethod::fcm, IntensityMethod::nyul, IntensityMethod::lsq}) {
        CHECK_THROWS_AS(intensity_map(constant, with(method), standard), base::Error);
    }
    CHECK_THROWS_AS(own_standard(constant, with(IntensityMethod::nyul)), base::Error);
    CHECK_THROWS_AS(own_standard(constant, with(IntensityMethod::lsq)), base::Error);
    // Divided by what is not above 0, an image would be turned upside down.
    const std::vector<double> below = rescaled(brain(), 1.0, -500.0);
    CHECK_THROWS_AS(intensity_map(below, with(IntensityMethod::kde), {}), base::Error);
    CHECK_THROWS_AS(intensity_map(below, with(IntensityMethod::fcm), {}), base::Error);
}

TEST_CASE("values are taken within the mask, where they are finite", "[imaging][normalise]") {
    data::Volume volume;
    volume.grid.shape = {2, 2, 1};
    volume.values = {4.0, std::numeric_limits<double>::quiet_NaN(), 2.0, 3.0};
    CHECK(ascending_values(volume, std::vector<unsigned char>{1, 1, 1, 0}) == std::vector<double>{2.0, 4.0});
    CHECK_THROWS_AS(ascending_values(volume, std::vector<unsigned char>{0, 1, 0, 0}), base::Error);
}
