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
