// Principal axes of residuals: known answers, both ways of finding them, files, threads, gaps and constant columns, and
// the way from a row to its scores and back.
#include "../../../src/stats/principal_axes.hpp"

#include <Eigen/Dense>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>
#include <numeric>

#include <catch2/catch.hpp>

#include "tare/base/error.hpp"
#include "tare/base/rng.hpp"

using namespace tare;
using base::Index;
using base::Matrix;

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

stats::PrincipalAxes axes_of(const Matrix<double>& residuals, const stats::AxesRequest& request = {}, int threads = 2,
                             base::Workspace workspace = {}) {
    base::SilentLog log;
    return stats::principal_axes(residuals, request, threads, workspace, log);
}

/// Correlated columns of different means and spreads.
Matrix<double> noise(Index rows, Index columns, std::uint64_t seed = 7) {
    base::Rng rng(seed);
    Matrix<double> out(rows, columns);
    for (Index i = 0; i < rows; ++i) {
        const double common = rng.normal(), second = rng.normal();
        for (Index f = 0; f < columns; ++f) {
            const double where = static_cast<double>(f % 11);
            out(i, f) = 100.0 * where + (1.0 + where) * (rng.normal() + 2.0 * common + 0.3 * where * second);
        }
    }
    return out;
}

Matrix<double> with_columns(const Matrix<double>& values, Index more, double fill) {
    Matrix<double> out(values.rows(), values.columns() + more, fill);
    for (Index i = 0; i < values.rows(); ++i) std::copy_n(values.row(i).begin(), values.columns(), out.row(i).begin());
    return out;
}

Matrix<double> in_a_file(const Matrix<double>& values) {
    Matrix<double> out = Matrix<double>::spilled(values.rows(), values.columns());
    std::copy_n(values.data(), values.size(), out.data());
    out.release();
    return out;
}

bool same_bytes(std::span<const double> a, std::span<const double> b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

bool same_bytes(const stats::PrincipalAxes& a, const stats::PrincipalAxes& b) {
    return same_bytes(a.centre, b.centre) && same_bytes(a.scale, b.scale) && same_bytes(a.variance, b.variance) &&
           same_bytes({a.axes.data(), static_cast<std::size_t>(a.axes.size())},
                      {b.axes.data(), static_cast<std::size_t>(b.axes.size())});
}

double largest_difference(std::span<const double> a, std::span<const double> b) {
    REQUIRE(a.size() == b.size());
    double largest = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
    return largest;
}

}  // namespace

TEST_CASE("axes of a known covariance") {
    // Orthonormal cosines without a mean, put along the columns of a reflection, with standard deviations 3, 2 and 1.
    constexpr Index subjects = 12, features = 5;
    const std::vector<double> mirror = {0.1, -0.5, 0.3, 0.7, -0.4};  // of length 1
    const auto axis = [&](Index k, Index f) {
        return (k == f ? 1.0 : 0.0) - 2.0 * mirror[static_cast<std::size_t>(k)] * mirror[static_cast<std::size_t>(f)];
    };
    Matrix<double> residuals(subjects, features);
    for (Index i = 0; i < subjects; ++i) {
        for (Index f = 0; f < features; ++f) {
            residuals(i, f) = 5.0 + static_cast<double>(f);
            for (Index k = 0; k < 3; ++k) {
                const double wave = std::sqrt(2.0 / subjects) * std::cos(std::numbers::pi * static_cast<double>(k + 1) *
                                                                         (static_cast<double>(i) + 0.5) / subjects);
                residuals(i, f) += std::sqrt(subjects - 1.0) * static_cast<double>(3 - k) * wave * axis(k, f);
            }
        }
    }
    const stats::PrincipalAxes found = axes_of(residuals, {Index{3}, 0.95, false});
    REQUIRE(found.variance.size() == 3);
    CHECK(found.variance[0] == Approx(9.0).epsilon(1e-13));
    CHECK(found.variance[1] == Approx(4.0).epsilon(1e-13));
    CHECK(found.variance[2] == Approx(1.0).epsilon(1e-13));
    CHECK(found.scale == std::vector<double>(features, 1.0));
    for (Index f = 0; f < features; ++f) {
        CHECK(found.centre[static_cast<std::size_t>(f)] == Approx(5.0 + static_cast<double>(f)));
        // The largest loading of each is positive as it stands: 0.98, 0.7 and 0.82.
        for (Index k = 0; k < 3; ++k) CHECK(found.axes(k, f) == Approx(axis(k, f)).margin(1e-13));
    }
    // 9, 13 and 14 of 14
    CHECK(axes_of(residuals, {std::nullopt, 0.6, false}).axes.rows() == 1);
    CHECK(axes_of(residuals, {std::nullopt, 0.9, false}).axes.rows() == 2);
    CHECK(axes_of(residuals, {std::nullopt, 0.95, false}).axes.rows() == 3);
    CHECK(axes_of(residuals, {std::nullopt, 1.0, false}).axes.rows() == 3);
}

TEST_CASE("a share that is reached and not exceeded asks for one component more") {
    Matrix<double> residuals(2, {1, 1, 1, -1, -1, 1, -1, -1});
    CHECK(axes_of(residuals, {std::nullopt, 0.5, false}).axes.rows() == 2);
    CHECK(axes_of(residuals, {std::nullopt, 0.499, false}).axes.rows() == 1);
}

TEST_CASE("scaled axes are those of a singular value decomposition of standardised columns") {
    for (const Index features : {Index{9}, Index{300}}) {
        const Matrix<double> residuals = noise(70, features);
        const stats::PrincipalAxes found = axes_of(residuals, {Index{5}, 0.95, true});
        Eigen::MatrixXd standard(70, features);
        for (Index i = 0; i < 70; ++i) {
            for (Index f = 0; f < features; ++f) standard(i, f) = residuals(i, f);
        }
        standard.rowwise() -= standard.colwise().mean().eval();
        for (Index f = 0; f < features; ++f) {
            const double sd = standard.col(f).norm() / std::sqrt(69.0);
            CHECK(found.scale[static_cast<std::size_t>(f)] == Approx(sd).epsilon(1e-12));
            standard.col(f) /= sd;
        }
        const Eigen::JacobiSVD<Eigen::MatrixXd> svd(standard, Eigen::ComputeThinU | Eigen::ComputeThinV);
        REQUIRE(static_cast<Index>(found.variance.size()) == std::min(Index{69}, features));
        for (Index k = 0; k < 5; ++k) {
            const double singular = svd.singularValues()(k);
            CHECK(found.variance[static_cast<std::size_t>(k)] == Approx(singular * singular / 69.0).epsilon(1e-12));
            Index leading = 0;
            svd.matrixV().col(k).cwiseAbs().maxCoeff(&leading);
            const double sign = svd.matrixV()(leading, k) < 0.0 ? -1.0 : 1.0;
            CHECK(found.axes(k, leading) > 0.0);
            for (Index f = 0; f < features; ++f) {
                CHECK(found.axes(k, f) == Approx(sign * svd.matrixV()(f, k)).margin(1e-11));
            }
        }
    }
}

TEST_CASE("by features or by subjects, the axes are the same, and constant columns take no part") {
    const bool scaled = GENERATE(true, false);
    const Matrix<double> tall = noise(20, 15);
    const Matrix<double> wide = with_columns(tall, 9, 0.1);
    const stats::PrincipalAxes a = axes_of(tall, {Index{15}, 0.95, scaled}), b = axes_of(wide, {Index{15}, 0.95, scaled});
    CHECK(a.variance.size() == 15);
    for (std::size_t k = 0; k < 15; ++k) {
        CHECK(b.variance[k] == Approx(a.variance[k]).epsilon(1e-11));
        const auto row = static_cast<Index>(k);
        CHECK(largest_difference(a.axes.row(row), b.axes.row(row).first(15)) < 1e-10);
        for (const double loading : b.axes.row(row).last(9)) CHECK(loading == 0.0);
    }
    for (std::size_t f = 15; f < 24; ++f) CHECK(b.scale[f] == 1.0);
    // The same columns where features are fewer than subjects.
    const stats::PrincipalAxes c = axes_of(with_columns(tall, 2, 1e6 / 3.0), {Index{15}, 0.95, scaled});
    CHECK(c.variance.size() == 15);
    CHECK(c.axes(0, 15) == 0.0);
    CHECK(c.axes(0, 16) == 0.0);
    CHECK(largest_difference(a.axes.row(0), c.axes.row(0).first(15)) < 1e-12);
}

TEST_CASE("files and threads leave no trace in axes") {
    // Fewer features than subjects; more; and so many that they come in two strips.
    const std::vector<std::pair<Index, Index>> shapes = {{700, 150}, {150, 3000}, {6, 1'400'003}};
    const auto [subjects, features] = shapes[static_cast<std::size_t>(GENERATE(0, 1, 2))];
    const Matrix<double> heap = noise(subjects, features);
    const stats::PrincipalAxes one = axes_of(heap, {}, 1);
    CHECK(same_bytes(one, axes_of(heap, {}, 4)));
    CHECK(same_bytes(one, axes_of(in_a_file(heap), {}, 3, base::Workspace(base::Resources{1, 1}))));

    const std::span<const double> rows{heap.data(), static_cast<std::size_t>(3 * features)};
    const std::vector<double> together = stats::scores_of(one, rows, 3);
    std::vector<double> apart;
    for (Index i = 0; i < 3; ++i) {
        const std::vector<double> scores = stats::scores_of(one, heap.row(i));
        apart.insert(apart.end(), scores.begin(), scores.end());
    }
    CHECK(same_bytes(together, apart));
    std::vector<double> many(rows.begin(), rows.end()), second(heap.row(1).begin(), heap.row(1).end());
    stats::add_components(one, together, many, 3);
    const auto components = static_cast<std::size_t>(one.axes.rows());
    stats::add_components(one, std::span<const double>(together).subspan(components, components), second);
    CHECK(same_bytes(std::span<const double>(many).subspan(second.size(), second.size()), second));
}

TEST_CASE("components past the first strip are those of the whole matrix") {
    const Matrix<double> residuals = noise(6, 1'400'003);
    const stats::PrincipalAxes found = axes_of(residuals, {Index{5}, 0.95, true});
    CHECK(std::accumulate(found.variance.begin(), found.variance.end(), 0.0) == Approx(1'400'003.0).epsilon(1e-10));
    const Matrix<double> scores(5, stats::scores_of(found, {residuals.data(), static_cast<std::size_t>(residuals.size())}));
    REQUIRE(scores.rows() == 6);
    for (Index k = 0; k < 5; ++k) {
        for (Index l = 0; l < 5; ++l) {
            double products = 0.0, loadings = 0.0;
            for (Index i = 0; i < 6; ++i) products += scores(i, k) * scores(i, l);
            for (Index f = 0; f < residuals.columns(); ++f) loadings += found.axes(k, f) * found.axes(l, f);
            CHECK(loadings == Approx(k == l ? 1.0 : 0.0).margin(1e-9));
            CHECK(products / 5.0 / found.variance[0] ==
                  Approx(k == l ? found.variance[static_cast<std::size_t>(k)] / found.variance[0] : 0.0).margin(1e-9));
        }
    }
}

TEST_CASE("missing cells count as their column's mean") {
    const Index features = GENERATE(Index{8}, Index{90});
    Matrix<double> gaps = noise(30, features);
    gaps(3, 2) = gaps(17, 2) = gaps(29, 0) = gap;
    for (Index i = 0; i < 30; ++i) gaps(i, 5) = gap;                 // a column without a value
    for (Index i = 0; i < 30; ++i) gaps(i, 6) = i == 4 ? 3.0 : gap;  // and of one value
    const stats::PrincipalAxes found = axes_of(gaps, {Index{4}, 0.95, false});
    CHECK(found.centre[5] == 0.0);
    CHECK(found.centre[6] == 3.0);

    Matrix<double> filled = gaps;
    for (Index i = 0; i < 30; ++i) {
        for (Index f = 0; f < features; ++f) {
            if (std::isnan(filled(i, f))) filled(i, f) = found.centre[static_cast<std::size_t>(f)];
        }
    }
    const stats::PrincipalAxes same = axes_of(filled, {Index{4}, 0.95, false});
    CHECK(found.variance.size() == same.variance.size());
    for (Index k = 0; k < 4; ++k) {
        CHECK(largest_difference(found.axes.row(k), same.axes.row(k)) < 1e-11);
        CHECK(found.axes(k, 5) == 0.0);
        CHECK(found.axes(k, 6) == 0.0);
    }
    CHECK(same_bytes(stats::scores_of(found, gaps.row(3)), stats::scores_of(found, filled.row(3))));

    // The spread of a column is that of the values it has.
    double squares = 0.0;
    for (Index i = 0; i < 30; ++i) {
        if (!std::isnan(gaps(i, 2))) squares += std::pow(gaps(i, 2) - found.centre[2], 2.0);
    }
    const stats::PrincipalAxes scaled = axes_of(gaps, {Index{4}, 0.95, true});
    CHECK(scaled.scale[2] == Approx(std::sqrt(squares / 27.0)));
    CHECK(scaled.scale[5] == 1.0);
    CHECK(scaled.scale[6] == 1.0);
}

TEST_CASE("from a row to its scores and back") {
    const Index features = GENERATE(Index{9}, Index{600});
    const Matrix<double> residuals = noise(40, features);
    const stats::PrincipalAxes found = axes_of(residuals, {std::nullopt, 1.0, true});
    std::vector<double> row(residuals.row(7).begin(), residuals.row(7).end());
    std::vector<double> scores = stats::scores_of(found, row);
    double by_hand = 0.0;
    for (std::size_t f = 0; f < row.size(); ++f) {
        by_hand += found.axes(1, static_cast<Index>(f)) * (row[f] - found.centre[f]) / found.scale[f];
    }
    CHECK(scores[1] == Approx(by_hand).epsilon(1e-12));
    // With all components of a training row taken away its centre is left.
    for (double& score : scores) score = -score;
    stats::add_components(found, scores, row);
    for (std::size_t f = 0; f < row.size(); ++f)
        CHECK((row[f] - found.centre[f]) / found.scale[f] == Approx(0.0).margin(1e-11));
}

TEST_CASE("the order of subjects and features changes rounding only") {
    const Index subjects = 50, features = GENERATE(Index{12}, Index{130});
    const Matrix<double> residuals = noise(subjects, features);
    Matrix<double> turned(subjects, features);
    for (Index i = 0; i < subjects; ++i) {
        for (Index f = 0; f < features; ++f) turned(subjects - 1 - i, (f * 7 + 3) % features) = residuals(i, f);
    }
    const stats::PrincipalAxes a = axes_of(residuals, {Index{6}, 0.95, true}), b = axes_of(turned, {Index{6}, 0.95, true});
    for (Index k = 0; k < 6; ++k) {
        for (Index f = 0; f < features; ++f) CHECK(b.axes(k, (f * 7 + 3) % features) == Approx(a.axes(k, f)).margin(1e-11));
    }
}

TEST_CASE("axes that cannot be found") {
    const auto code = [](const Matrix<double>& residuals, const stats::AxesRequest& request) {
        try {
            (void)axes_of(residuals, request);
        } catch (const base::Error& error) {
            return error.code();
        }
        return base::ExitCode::ok;
    };
    const Matrix<double> wide = noise(5, 20);
    CHECK(code(wide, {Index{4}, 0.95, true}) == base::ExitCode::ok);
    CHECK(code(wide, {Index{5}, 0.95, true}) == base::ExitCode::data);  // five centred subjects have four components
    CHECK(code(wide, {Index{0}, 0.95, true}) == base::ExitCode::usage);
    CHECK(code(Matrix<double>(4, 3, 0.1), {}) == base::ExitCode::data);
    CHECK(code(Matrix<double>(3, 4, gap), {}) == base::ExitCode::data);
    CHECK(code(noise(1, 4), {}) == base::ExitCode::data);
    Matrix<double> infinite = noise(8, 4);
    infinite(3, 2) = std::numeric_limits<double>::infinity();
    CHECK_THROWS_WITH(axes_of(infinite), Catch::Matchers::Contains("column 3"));
}
