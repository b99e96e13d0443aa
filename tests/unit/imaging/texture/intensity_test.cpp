// Statistics, histograms and peaks, by numbers worked out by hand.
#include "tare/imaging/texture/intensity.hpp"

#include <cmath>

#include <catch2/catch.hpp>

#include "small_region.hpp"

using namespace tare;
using namespace tare::imaging::texture;
using test::levels_of;
using test::region_of;
using test::small_image;

TEST_CASE("statistics of a few numbers", "[texture]") {
    const std::vector<double> sorted{1, 2, 3, 4, 10};
    const Statistics s = statistics(sorted);
    CHECK(s.mean == 4);
    CHECK(s.variance == Approx(10));
    CHECK(s.skewness == Approx((-27.0 - 8 - 1 + 0 + 216) / 5 / std::pow(10.0, 1.5)));
    CHECK(s.kurtosis == Approx((81.0 + 16 + 1 + 0 + 1296) / 5 / 100 - 3));
    CHECK(s.median == 3);
    CHECK(s.p10 == Approx(1.4));
    CHECK(s.p90 == Approx(7.6));
    CHECK(s.interquartile_range == Approx(2));
    CHECK(s.range == 9);
    CHECK(s.mean_absolute_deviation == Approx(2.4));
    CHECK(s.robust_mean_absolute_deviation == Approx(2.0 / 3));
    CHECK(s.median_absolute_deviation == Approx(2.2));
    CHECK(s.coefficient_of_variation == Approx(std::sqrt(10.0) / 4));
    CHECK(s.quartile_coefficient_of_dispersion == Approx(2.0 / 6));
    CHECK(s.energy == 130);
    CHECK(s.root_mean_square == Approx(std::sqrt(26.0)));
}

TEST_CASE("statistics of equal numbers, of zeros and of none", "[texture]") {
    const std::vector<double> equal{0.1, 0.1, 0.1}, zeros{0, 0};
    const Statistics s = statistics(equal);
    CHECK(s.variance == 0);
    CHECK(s.skewness == 0);
    CHECK(s.kurtosis == 0);
    CHECK(s.robust_mean_absolute_deviation == Approx(0).margin(1e-15));
    CHECK(std::isnan(statistics(zeros).coefficient_of_variation));
    CHECK(std::isnan(statistics(zeros).quartile_coefficient_of_dispersion));
    for (const Named<Statistics>& feature : statistics_features()) CHECK(std::isnan(statistics({}).*feature.value));
}

TEST_CASE("statistics keep their digits under a large offset", "[texture]") {
    std::vector<double> near, far;
    for (int i = 0; i < 1000; ++i) {
        near.push_back(i < 700 ? 0.0 : i < 900 ? 1.0 : 5.0);
        far.push_back(1e12 + near.back());
    }
    const Statistics a = statistics(near), b = statistics(far);
    CHECK(b.mean - 1e12 == Approx(a.mean).epsilon(1e-3));
    CHECK(b.variance == Approx(a.variance).epsilon(1e-12));
    CHECK(b.skewness == Approx(a.skewness).epsilon(1e-12));
    CHECK(b.kurtosis == Approx(a.kurtosis).epsilon(1e-12));
}

TEST_CASE("a histogram's mode, entropy and gradients", "[texture]") {
    const Histogram h = histogram(levels_of({8, 1, 1}, {1, 1, 2, 2, 4, 4, 4, 4}));
    CHECK(h.mode == 4);
    CHECK(h.entropy == Approx(1.5));
    CHECK(h.uniformity == Approx(0.375));
    CHECK(h.maximum_gradient == 4);
    CHECK(h.maximum_gradient_level == 4);
    CHECK(h.minimum_gradient == -1);
    CHECK(h.minimum_gradient_level == 2);
    CHECK(h.mean == Approx(2.75));
    const Histogram tie = histogram(levels_of({4, 1, 1}, {1, 1, 9, 9}));
    CHECK(tie.mode == 1);
    const Histogram constant = histogram(levels_of({2, 1, 1}, {1, 1}));
    CHECK(constant.entropy == 0);
    CHECK(std::isnan(constant.maximum_gradient));
}

TEST_CASE("a volume histogram by shares and by intensities", "[texture]") {
    std::vector<double> levels;
    for (int i = 1; i <= 11; ++i) levels.push_back(i);
    const VolumeHistogram h = volume_histogram(levels_of({11, 1, 1}, levels));
    CHECK(h.volume_at_10 == Approx(10.0 / 11));
    CHECK(h.volume_at_90 == Approx(2.0 / 11));
    CHECK(h.intensity_at_10 == 11);
    CHECK(h.intensity_at_90 == 3);
    CHECK(h.volume_difference == Approx(8.0 / 11));
    CHECK(h.intensity_difference == 8);
    CHECK(h.area_under_curve == Approx((0.5 * (11 + 1) + 54) / 110));
    const VolumeHistogram scaled = volume_histogram(levels_of({11, 1, 1}, levels), 100, 5);
    CHECK(scaled.intensity_at_90 == 110);
    const VolumeHistogram constant = volume_histogram(levels_of({2, 1, 1}, {3, 3}));
    CHECK(std::isnan(constant.volume_at_10));
    CHECK(std::isnan(constant.intensity_at_10));
}

TEST_CASE("peaks are means over a sphere of a cubic centimetre, within the image", "[texture]") {
    // Voxels of 5 mm: the sphere of 6.2 mm holds a voxel and its six neighbours.
    auto small = small_image({5, 5, 5}, std::vector<double>(125, 1.0), {5, 5, 5});
    small.labels.labels.assign(125, 0);
    small.labels.labels[62] = 1;
    small.image.values[62] = 8;
    CHECK(local_intensity(small.image, region_of(small)).local_peak == Approx(2));
    small.image.values[63] = std::nan("");
    CHECK(local_intensity(small.image, region_of(small)).local_peak == Approx(13.0 / 6));
    // A corner has three neighbours, and is brighter around than the brightest voxel.
    small.labels.labels[0] = 1;
    small.image.values[0] = small.image.values[1] = small.image.values[5] = small.image.values[25] = 7;
    const LocalIntensity peaks = local_intensity(small.image, region_of(small));
    CHECK(peaks.local_peak == Approx(13.0 / 6));
    CHECK(peaks.global_peak == Approx(7));
}

TEST_CASE("the peak around each of many voxels is that of a sphere summed voxel by voxel", "[texture]") {
    const auto small = test::random_image({9, 8, 7}, 3, 50, {1.5, 2.0, 2.5});
    const double squared = std::pow(3000.0 / (4.0 * std::acos(-1.0)), 2.0 / 3.0);
    const auto mean_around = [&](int x, int y, int z) {
        double sum = 0, count = 0;
        for (int c = 0; c < 7; ++c) {
            for (int b = 0; b < 8; ++b) {
                for (int a = 0; a < 9; ++a) {
                    const double off = std::pow(1.5 * (a - x), 2) + std::pow(2.0 * (b - y), 2) + std::pow(2.5 * (c - z), 2);
                    if (off > squared) continue;
                    sum += small.image.values[static_cast<std::size_t>((c * 8 + b) * 9 + a)];
                    count += 1;
                }
            }
        }
        return sum / count;
    };
    double best = 0;
    for (int i = 0; i < 9 * 8 * 7; ++i) {
        if (small.labels.labels[static_cast<std::size_t>(i)] == 1)
            best = std::max(best, mean_around(i % 9, i / 9 % 8, i / 72));
    }
    CHECK(local_intensity(small.image, region_of(small)).global_peak == Approx(best));
}
