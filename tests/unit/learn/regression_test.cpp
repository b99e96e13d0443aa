// Learners of numbers against closed forms.
#include <Eigen/Dense>
#include <cmath>

#include <catch2/catch.hpp>

#include "tare/base/error.hpp"
#include "unit/learn/small_rows.hpp"

using namespace tare;
using base::Index;
using base::Matrix;
using learn::Kernel;
using learn::Kind;
using learn::Targets;

namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// The minimum of |y − Xw − b|² + alpha |w|², with b as a column of its own that bears no penalty.
std::vector<double> ridge_by_definition(const Matrix<double>& x, const std::vector<double>& y, double alpha,
                                        const Matrix<double>& at) {
    const auto with_constant = [](const Matrix<double>& rows) {
        Rows out(rows.rows(), rows.columns() + 1);
        out << Eigen::Map<const Rows>(rows.data(), rows.rows(), rows.columns()), Eigen::VectorXd::Ones(rows.rows());
        return out;
    };
    const Rows rows = with_constant(x);
    Eigen::MatrixXd gram = rows.transpose() * rows;
    for (Index f = 0; f < x.columns(); ++f) gram(f, f) += alpha;
    const Eigen::VectorXd weights =
        gram.fullPivLu().solve(rows.transpose() * Eigen::Map<const Eigen::VectorXd>(y.data(), x.rows()));
    const Eigen::VectorXd values = with_constant(at) * weights;
    return {values.begin(), values.end()};
}

std::vector<double> predicted(const learn::LearnerSpec& spec, const Matrix<double>& x, const Targets& targets,
                              const Matrix<double>& at) {
    return learn::trained(spec, x, targets, 1)->predict(at).values;
}

void check_near(const std::vector<double>& is, const std::vector<double>& wanted, double tolerance) {
    REQUIRE(is.size() == wanted.size());
    for (std::size_t i = 0; i < is.size(); ++i) CHECK(is[i] == Approx(wanted[i]).epsilon(tolerance));
}

}  // namespace

TEST_CASE("ridge solves its normal equations, with few features and with more than rows") {
    const auto features = GENERATE(3, 12, 13, 40);
    const auto alpha = GENERATE(0.01, 1.0, 100.0);
    const Matrix<double> x = test::random_rows(12, features, 1), at = test::random_rows(5, features, 2);
    const Targets targets = test::numbers_for(x, 3);
    check_near(predicted({.kind = Kind::ridge, .alpha = alpha}, x, targets, at),
               ridge_by_definition(x, targets.values, alpha, at), 1e-8);
}

TEST_CASE("ridge without a penalty is least squares, whatever the units of the features") {
    Matrix<double> x = test::random_rows(30, 3, 1), at = test::random_rows(5, 3, 2);
    const Targets targets = test::numbers_for(x, 3);
    const auto wanted = ridge_by_definition(x, targets.values, 0.0, at);
    check_near(predicted({.kind = Kind::ridge, .alpha = 0}, x, targets, at), wanted, 1e-8);
    for (Matrix<double>* rows : {&x, &at}) {
        for (Index r = 0; r < rows->rows(); ++r) {
            (*rows)(r, 0) *= 1e9;
            (*rows)(r, 1) *= 1e-9;
        }
    }
    check_near(predicted({.kind = Kind::ridge, .alpha = 0}, x, targets, at), wanted, 1e-8);
}

TEST_CASE("ridge with a penalty has one answer, however alike and large the features") {
    // Of two equal features each has half of what one of them twice as strong would have: w = y / (2x² + alpha) · x.
    const double size = GENERATE(1.0, 1e9, 1e15);
    const Matrix<double> x(2, {-size, -size, size, size});
    const double alpha = 1e-3;
    const double weight = 2 * 3.0 * size / (4 * size * size + alpha);
    check_near(predicted({.kind = Kind::ridge, .alpha = alpha}, x, {.values = {7.0, 13.0}}, Matrix<double>(2, {size, 0.0})),
               {10.0 + weight * size}, 1e-10);
}

TEST_CASE("ridge without a penalty and without a unique answer is refused") {
    Matrix<double> x = test::random_rows(12, 3, 1);
    const Targets targets = test::numbers_for(x, 3);
    SECTION("a feature is constant") {
        for (Index r = 0; r < x.rows(); ++r) x(r, 1) = 0.1;
    }
    SECTION("a feature is another") {
        for (Index r = 0; r < x.rows(); ++r) x(r, 1) = 3 * x(r, 2) - 1;
    }
    SECTION("as many features as rows") {
        x = test::random_rows(12, 12, 1);
    }
    SECTION("more features than rows") {
        x = test::random_rows(12, 20, 1);
    }
    CHECK_NOTHROW(learn::trained({.kind = Kind::ridge}, x, targets, 1));
    try {
        static_cast<void>(learn::trained({.kind = Kind::ridge, .alpha = 0}, x, targets, 1));
        FAIL("not refused");
    } catch (const base::Error& error) {
        CHECK(error.code() == base::ExitCode::data);
        CHECK(std::string(error.what()).starts_with("ridge with alpha = 0 has no unique answer"));
    }
}

TEST_CASE("standardised features make a ridge that does not depend on units") {
    const Matrix<double> x = test::random_rows(20, 4, 1), at = test::random_rows(5, 4, 2);
    const Targets targets = test::numbers_for(x, 3);
    Matrix<double> scaled = x, scaled_at = at;
    for (Index r = 0; r < 20; ++r) scaled(r, 2) = 1000 * x(r, 2) + 7;
    for (Index r = 0; r < 5; ++r) scaled_at(r, 2) = 1000 * at(r, 2) + 7;
    const learn::LearnerSpec spec{.kind = Kind::ridge, .standardise = true, .alpha = 5};
    check_near(predicted(spec, x, targets, at), predicted(spec, scaled, targets, scaled_at), 1e-10);
    const learn::LearnerSpec raw{.kind = Kind::ridge, .alpha = 5};
    CHECK(std::abs(predicted(raw, x, targets, at)[0] - predicted(raw, scaled, targets, scaled_at)[0]) > 1e-3);
}

TEST_CASE("a linear SVR with one feature has the weight of its closed form") {
    // Residuals of ±r around a line of weight w: ½w² + C Σ max(0, |y − wx − b| − epsilon)² over x = ±1, y = ±t:
    // w − 4C (t − w − epsilon) = 0.
    const Matrix<double> x(1, {-1.0, 1.0});
    const auto c = GENERATE(0.01, 1.0, 50.0);
    const double offset = 100.0, t = 3.0, epsilon = 0.5;
    const Targets targets{.values = {offset - t, offset + t}};
    const double weight = 4 * c * (t - epsilon) / (1 + 4 * c);
    const learn::LearnerSpec spec{.kind = Kind::svr, .kernel = Kernel::linear, .c = c, .epsilon = epsilon};
    check_near(predicted(spec, x, targets, Matrix<double>(1, {0.0, 2.0})), {offset, offset + 2 * weight}, 1e-7);
}

TEST_CASE("an RBF SVR of two rows has its closed form, with gamma from 'scale'") {
    // x = ±1, y = ±t: f = a (k(x, 1) − k(x, −1)), f(1) = t − epsilon where a ≤ C. The variance of ±1 is 1: gamma = 1.
    const Matrix<double> x(1, {-1.0, 1.0});
    const Targets targets{.values = {-0.5, 0.5}};
    const double a = (0.5 - 0.1) / (1 - std::exp(-4.0));
    const double wanted = a * (std::exp(-0.25) - std::exp(-2.25));
    CHECK(predicted({.kind = Kind::svr}, x, targets, Matrix<double>(1, 1, 0.5))[0] == Approx(wanted).epsilon(1e-6));
    SECTION("and 'scale' does follow the units") {
        const Matrix<double> far(1, {-1000.0, 1000.0});
        CHECK(predicted({.kind = Kind::svr}, far, targets, Matrix<double>(1, 1, 500.0))[0] == Approx(wanted).epsilon(1e-6));
    }
    SECTION("half of it is a wider kernel") {
        const double wide = (0.5 - 0.1) / (1 - std::exp(-2.0)) * (std::exp(-0.125) - std::exp(-1.125));
        CHECK(predicted({.kind = Kind::svr, .gamma = 0.5}, x, targets, Matrix<double>(1, 1, 0.5))[0] ==
              Approx(wide).epsilon(1e-6));
    }
}

TEST_CASE("'scale' is of all cells together: features with different means are far apart") {
    // Two features, −1 and 1 around 0 and around 10: the variance of the four cells is 1 + 25, gamma = 1/52.
    const Matrix<double> x(2, {-1.0, 9.0, 1.0, 11.0});
    const Targets targets{.values = {-0.5, 0.5}};
    const double gamma = 1.0 / 52.0;
    const double a = std::min(1.0, 0.4 / (1 - std::exp(-gamma * 8)));
    const double wanted = a * (1 - std::exp(-gamma * 8));
    CHECK(predicted({.kind = Kind::svr}, x, targets, Matrix<double>(2, {1.0, 11.0}))[0] == Approx(wanted).epsilon(1e-6));
    // Standardised, all cells have variance 1: gamma = 1/2.
    const double scaled = 0.4 / (1 - std::exp(-4.0)) * (1 - std::exp(-4.0));
    CHECK(predicted({.kind = Kind::svr, .standardise = true}, x, targets, Matrix<double>(2, {1.0, 11.0}))[0] ==
          Approx(scaled).epsilon(1e-6));
}

TEST_CASE("one tree of depth one is the best cut, shrunk") {
    // From 0.5 on, the squared loss has gradient 0.5 − y and curvature 1: a leaf is eta · Σ(y − 0.5) / (n + lambda).
    const Matrix<double> x(1, {1.0, 2.0, 3.0, 4.0});
    const Targets targets{.values = {1.0, 1.0, 9.0, 9.0}};
    learn::LearnerSpec spec{.kind = Kind::xgboost};
    spec.trees = {.rounds = 1, .max_depth = 1};
    const double low = 0.5 + 0.3 * (2 * 0.5) / 3, high = 0.5 + 0.3 * (2 * 8.5) / 3;
    check_near(predicted(spec, x, targets, x), {low, low, high, high}, 1e-6);
}

TEST_CASE("a constant target is predicted") {
    const Matrix<double> x = test::random_rows(20, 4, 1), at = test::random_rows(5, 4, 2);
    const Targets targets{.values = std::vector<double>(20, 7.5)};
    for (const Kernel kernel : {Kernel::rbf, Kernel::linear}) {
        for (const Kind kind : {Kind::ridge, Kind::svr}) {
            for (const double value : predicted({.kind = kind, .kernel = kernel}, x, targets, at)) {
                CHECK(value == Approx(7.5).epsilon(1e-12));
            }
        }
    }
    for (const double value : predicted({.kind = Kind::xgboost}, x, targets, at)) CHECK(value == Approx(7.5).epsilon(1e-4));
}
