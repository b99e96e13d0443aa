// Singular vectors of small matrices whose decomposition is known, and scores that new images get.
#include "tare/imaging/control_factors.hpp"

#include <cmath>

#include <catch2/catch.hpp>

#include "tare/base/error.hpp"
#include "tare/base/rng.hpp"

using namespace tare;
using base::Index;
using base::Matrix;

namespace {

Matrix<double> noise(Index rows, Index columns, std::uint64_t seed) {
    base::Rng rng(seed);
    Matrix<double> out(rows, columns);
    for (Index i = 0; i < out.size(); ++i) out.data()[i] = rng.normal();
    return out;
}

double dot(std::span<const double> a, std::span<const double> b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

}  // namespace

TEST_CASE("eigenvectors of a matrix with a known decomposition", "[imaging][normalise]") {
    const auto two = imaging::symmetric_eigen(Matrix<double>(2, {2.0, 1.0, 1.0, 2.0}));
    CHECK(two.values[0] == Approx(3.0).epsilon(1e-15));
    CHECK(two.values[1] == Approx(1.0).epsilon(1e-15));
    CHECK(two.vectors(0, 0) == Approx(std::sqrt(0.5)));
    CHECK(two.vectors(0, 1) == Approx(std::sqrt(0.5)));
    const auto diagonal = imaging::symmetric_eigen(Matrix<double>(3, {1.0, 0, 0, 0, 5.0, 0, 0, 0, 3.0}));
    CHECK(diagonal.values == std::vector<double>{5.0, 3.0, 1.0});
}

TEST_CASE("eigenvectors are orthonormal and give the matrix back", "[imaging][normalise]") {
    const Index n = 12;
    const Matrix<double> rows = noise(n, 40, 2);
    Matrix<double> products(n, n);
    for (Index i = 0; i < n; ++i) {
        for (Index j = 0; j < n; ++j) products(i, j) = dot(rows.row(i), rows.row(j));
    }
    const auto eigen = imaging::symmetric_eigen(products);
    for (Index i = 0; i < n; ++i) {
        for (Index j = 0; j < n; ++j) {
            CHECK(dot(eigen.vectors.row(i), eigen.vectors.row(j)) == Approx(i == j ? 1.0 : 0.0).margin(1e-12));
            double back = 0.0;
            for (Index k = 0; k < n; ++k) {
                back += eigen.values[static_cast<std::size_t>(k)] * eigen.vectors(k, i) * eigen.vectors(k, j);
            }
            CHECK(back == Approx(products(i, j)).margin(1e-10));
        }
    }
}

TEST_CASE("an image of the fit scores as it did in the fit", "[imaging][normalise]") {
    const Matrix<double> control = noise(9, 200, 5);
    const auto found = imaging::control_scores(control, 3);
    for (Index k = 0; k < 3; ++k) {
        CHECK(dot(found.scores.row(k), found.scores.row(k)) == Approx(1.0).epsilon(1e-12));
        for (Index i = 0; i < 9; ++i) {
            CHECK(dot(found.loading.row(k), control.row(i)) == Approx(found.scores(k, i)).margin(1e-12));
        }
    }
}

TEST_CASE("control voxels of rank one have one factor, which tells how much of it an image has", "[imaging][normalise]") {
    const std::vector<double> amount{1.0, 2.0, 2.0, 4.0}, pattern{1.0, -2.0, 0.5};
    Matrix<double> control(4, 3);
    for (Index i = 0; i < 4; ++i) {
        for (Index c = 0; c < 3; ++c) {
            control(i, c) = amount[static_cast<std::size_t>(i)] * pattern[static_cast<std::size_t>(c)];
        }
    }
    const auto found = imaging::control_scores(control, 1);
    for (Index i = 0; i < 4; ++i) CHECK(found.scores(0, i) == Approx(amount[static_cast<std::size_t>(i)] / 5.0));
    CHECK_THROWS_AS(imaging::control_scores(control, 2), base::Error);
    CHECK_THROWS_AS(imaging::control_scores(Matrix<double>(3, 4, 0.0), 1), base::Error);
}

TEST_CASE("what an image has of a factor is taken away in all voxels", "[imaging][normalise]") {
    // Two control voxels and one without any factor; of five images the fourth has twice as much of it.
    const std::vector<double> amount{1.0, 1.0, 1.0, 2.0, 3.0}, pattern{1.0, 2.0, 0.0}, own{0.0, 0.0, 5.0};
    const auto image = [&](std::size_t i) {
        std::vector<double> out;
        for (std::size_t v = 0; v < 3; ++v) out.push_back(amount[i] * pattern[v] + own[v]);
        return out;
    };
    Matrix<double> control(5, 2);
    for (std::size_t i = 0; i < 5; ++i) {
        for (Index c = 0; c < 2; ++c) control(static_cast<Index>(i), c) = image(i)[static_cast<std::size_t>(c)];
    }
    const auto found = imaging::control_scores(control, 1);
    const std::vector<Index> positions{0, 1};
    imaging::VoxelFactors factors = imaging::no_images_yet(found, positions, 3);
    for (std::size_t i = 0; i < 5; ++i) imaging::add_image(found, static_cast<Index>(i), image(i), factors);
    CHECK(factors.mean[0] == Approx(1.6));
    CHECK(factors.mean[2] == Approx(5.0));
    const std::vector<Index> inside{1, 2, 3};
    for (std::size_t i = 0; i < 5; ++i) {
        std::vector<double> values{77.0};
        for (const double x : image(i)) values.push_back(x);
        imaging::remove_factors(factors, inside, values);
        CHECK(values[0] == 77.0);
        CHECK(values[1] == Approx(1.6));
        CHECK(values[2] == Approx(3.2));
    }
    std::vector<double> broken{0.0, std::nan(""), 1.0, 1.0};
    CHECK_THROWS_AS(imaging::remove_factors(factors, inside, broken), base::Error);
}
