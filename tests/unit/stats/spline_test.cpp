// Cubic P-splines against the recursion of Cox and de Boor: codes, knots, straight lines within and without, the penalty.
#include "tare/stats/spline.hpp"

#include <Eigen/Dense>
#include <cmath>

#include <catch2/catch.hpp>

#include "tare/base/rng.hpp"

using namespace tare;
using base::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using stats::Spline;

namespace {

/// Basis function `i` of a degree at x by its definition.
double cox_de_boor(const VectorXd& knots, Index i, int degree, double x) {
    if (degree == 0) return knots(i) <= x && x < knots(i + 1) ? 1.0 : 0.0;
    return (x - knots(i)) / (knots(i + degree) - knots(i)) * cox_de_boor(knots, i, degree - 1, x) +
           (knots(i + degree + 1) - x) / (knots(i + degree + 1) - knots(i + 1)) * cox_de_boor(knots, i + 1, degree - 1, x);
}

VectorXd basis(const Spline& spline, double x) {
    VectorXd out(spline.size);
    const VectorXd knots = spline.knots();
    for (Index i = 0; i < spline.size; ++i) out(i) = cox_de_boor(knots, i, 3, x);
    return out;
}

VectorXd codes(const Spline& spline, double x) {
    std::vector<double> out(static_cast<std::size_t>(spline.terms()));
    spline.code(x, out);
    return Eigen::Map<const VectorXd>(out.data(), spline.terms());
}

/// Z, from codes = B·Z at as many places as there are basis functions.
MatrixXd sum_to_zero(const Spline& spline) {
    MatrixXd b(spline.size, spline.size), coded(spline.size, spline.terms());
    for (Index i = 0; i < spline.size; ++i) {
        const double share = (static_cast<double>(i) + 0.5) / static_cast<double>(spline.size);
        const double x = spline.low + share * (spline.high - spline.low);
        b.row(i) = basis(spline, x).transpose();
        coded.row(i) = codes(spline, x).transpose();
    }
    return b.partialPivLu().solve(coded);
}

const std::vector<Spline> splines{{10, 18.0, 85.0}, {4, -1.0, 1.0}, {5, 0.0, 1e-3}, {20, 12000.0, 13000.0}};

}  // namespace

TEST_CASE("knots lie equally apart, the outer ones a thousandth of the range beyond it") {
    for (const Spline& spline : splines) {
        const VectorXd knots = spline.knots();
        const double range = spline.high - spline.low, step = 1.002 * range / static_cast<double>(spline.size - 3);
        REQUIRE(knots.size() == spline.size + 4);
        CHECK(knots(3) == Approx(spline.low - 0.001 * range).epsilon(1e-12));
        CHECK(knots(spline.size) == Approx(spline.high + 0.001 * range).epsilon(1e-12));
        for (Index i = 0; i + 1 < knots.size(); ++i) CHECK(knots(i + 1) - knots(i) == Approx(step).epsilon(1e-9));
    }
}

TEST_CASE("codes are the basis functions, which sum to one, in an orthonormal basis of coefficients that sum to zero") {
    base::Rng rng(1);
    for (const Spline& spline : splines) {
        const MatrixXd z = sum_to_zero(spline);
        CHECK((z.transpose() * z - MatrixXd::Identity(spline.terms(), spline.terms())).cwiseAbs().maxCoeff() < 1e-8);
        CHECK(z.colwise().sum().cwiseAbs().maxCoeff() < 1e-8);
        for (int trial = 0; trial < 50; ++trial) {
            const double x = rng.uniform(spline.low, spline.high), y = rng.uniform(spline.low, spline.high);
            CHECK(basis(spline, x).sum() == Approx(1.0).epsilon(1e-12));
            // ZZᵀ = 1 − 11ᵀ/k, so that with a sum of one products of codes are those of the basis less 1/k.
            const double expected = basis(spline, x).dot(basis(spline, y)) - 1.0 / static_cast<double>(spline.size);
            CHECK(codes(spline, x).dot(codes(spline, y)) == Approx(expected).margin(1e-9));
        }
    }
}

TEST_CASE("the line's coefficients give a straight line everywhere, and the penalty leaves it alone") {
    for (const Spline& spline : splines) {
        const VectorXd line = spline.line();
        const double range = spline.high - spline.low, step = spline.knots()(1) - spline.knots()(0);
        const double at_low = line.dot(codes(spline, spline.low));
        for (const double share : {-2.0, -0.0005, 0.1, 0.5, 0.93, 1.0, 1.0005, 1.7}) {
            const double there = line.dot(codes(spline, spline.low + share * range));
            CHECK(there - at_low == Approx(share * range / step).margin(1e-9));
        }
        const MatrixXd penalty = spline.penalty();
        CHECK((penalty * line).norm() < 1e-12 * penalty.norm() * line.norm());
        const VectorXd eigenvalues = Eigen::SelfAdjointEigenSolver<MatrixXd>(penalty).eigenvalues();
        CHECK(std::abs(eigenvalues(0)) < 1e-10);
        CHECK(eigenvalues(1) > 1e-6);
    }
}

TEST_CASE("the penalty is the sum of squared second differences of the coefficients") {
    base::Rng rng(2);
    for (const Spline& spline : splines) {
        const MatrixXd z = sum_to_zero(spline);
        VectorXd coded(spline.terms());
        for (double& v : coded) v = rng.normal();
        const VectorXd whole = z * coded;
        double squares = 0.0;
        for (Index i = 0; i + 2 < spline.size; ++i) squares += std::pow(whole(i) - 2.0 * whole(i + 1) + whole(i + 2), 2);
        CHECK(coded.dot(spline.penalty() * coded) == Approx(squares).epsilon(1e-8));
    }
}

TEST_CASE("beyond the outer knots the boundary's straight line goes on") {
    for (const Spline& spline : splines) {
        const double range = spline.high - spline.low, small = 1e-5 * range;
        for (const double side : {-1.0, 1.0}) {
            const double edge = side < 0.0 ? spline.knots()(3) : spline.knots()(spline.size);
            const VectorXd here = codes(spline, edge), inside = codes(spline, edge - side * small),
                           outside = codes(spline, edge + side * small), far = codes(spline, edge + side * range);
            const VectorXd slope_outside = (outside - here) / small, slope_inside = (here - inside) / small;
            CHECK((outside - here).norm() < 1e-3);
            CHECK((slope_outside - slope_inside).norm() < 1e-3 * slope_outside.norm());
            CHECK((far - here - range * slope_outside).norm() < 1e-6 * (far - here).norm());
            CHECK((far - here).norm() > 0.1);
        }
    }
}
