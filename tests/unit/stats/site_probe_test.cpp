// The probe beside discriminant analysis with an explicit inverse, on cohorts with and without a site effect.
#include "tare/stats/site_probe.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <thread>

#include <catch2/catch.hpp>

#include "tare/base/error.hpp"
#include "tare/base/rng.hpp"
#include "tare/stats/folds.hpp"
#include "tare/stats/metrics.hpp"
#include "tare/stats/permuted_labels.hpp"

using namespace tare;
using base::Index;
using base::Matrix;
using Labels = std::vector<Index>;

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

struct Cohort {
    Matrix<double> values;
    Labels site;
};

/// Correlated features of different units; sites of different sizes shift them by `shift` SDs.
Cohort drawn(Index rows, Index features, Index sites, double shift, std::uint64_t seed) {
    base::Rng rng(seed);
    Matrix<double> effect(sites, features);
    for (Index i = 0; i < effect.size(); ++i) effect.data()[i] = shift * rng.normal();
    Cohort out{Matrix<double>(rows, features), {}};
    for (Index i = 0; i < rows; ++i) {
        const double u = rng.uniform(), common = rng.normal();
        out.site.push_back(i < sites ? i : static_cast<Index>(u * u * static_cast<double>(sites)));
        for (Index f = 0; f < features; ++f) {
            const double noise = 0.8 * rng.normal() + 0.6 * common;
            const double unit = std::pow(10.0, static_cast<double>(f % 7) - 3.0);
            out.values(i, f) = unit * (3.0 + noise + effect(out.site.back(), f));
        }
    }
    return out;
}

Matrix<double> rows_of(const Matrix<double>& values, Index first, Index count) {
    Matrix<double> out(count, values.columns());
    std::copy_n(values.data() + first * values.columns(), out.size(), out.data());
    return out;
}

/// The definition, word by word: means and scatter of standardised values, the inverse of W. Absent classes score −∞.
Eigen::MatrixXd naive_scores(const Matrix<double>& training, const Matrix<double>& test, const Labels& labels, Index classes,
                             double ridge) {
    const Index n = training.rows(), p = training.columns();
    Eigen::MatrixXd x(n, p), t(test.rows(), p);
    for (Index f = 0; f < p; ++f) {
        double sum = 0.0, count = 0.0;
        for (Index i = 0; i < n; ++i) {
            if (std::isnan(training(i, f))) continue;
            sum += training(i, f);
            count += 1.0;
        }
        const double mean = count > 0.0 ? sum / count : 0.0;
        for (Index i = 0; i < n; ++i) x(i, f) = std::isnan(training(i, f)) ? 0.0 : training(i, f) - mean;
        for (Index i = 0; i < test.rows(); ++i) t(i, f) = std::isnan(test(i, f)) ? 0.0 : test(i, f) - mean;
        const double sd = std::sqrt(x.col(f).squaredNorm() / static_cast<double>(n));
        const double scale = sd > 1e-12 * std::abs(mean) ? 1.0 / sd : 0.0;
        x.col(f) *= scale;
        t.col(f) *= scale;
    }
    Eigen::MatrixXd means = Eigen::MatrixXd::Zero(classes, p);
    std::vector<double> size(static_cast<std::size_t>(classes), 0.0);
    for (Index i = 0; i < n; ++i) {
        means.row(labels[static_cast<std::size_t>(i)]) += x.row(i);
        size[static_cast<std::size_t>(labels[static_cast<std::size_t>(i)])] += 1.0;
    }
    for (Index k = 0; k < classes; ++k) means.row(k) /= std::max(1.0, size[static_cast<std::size_t>(k)]);
    Eigen::MatrixXd within = ridge * static_cast<double>(n) * Eigen::MatrixXd::Identity(p, p);
    for (Index i = 0; i < n; ++i) {
        const Eigen::VectorXd d = x.row(i) - means.row(labels[static_cast<std::size_t>(i)]);
        within += d * d.transpose();
    }
    const Eigen::MatrixXd inverse = within.fullPivLu().inverse();
    Eigen::MatrixXd out = t * inverse * means.transpose();
    for (Index k = 0; k < classes; ++k) {
        out.col(k).array() -= 0.5 * means.row(k).dot(inverse * means.row(k).transpose());
        if (size[static_cast<std::size_t>(k)] == 0.0) out.col(k).setConstant(-std::numeric_limits<double>::infinity());
    }
    return out;
}

/// The largest difference, relative to the largest finite score or to 1e-6, where all are rounding; infinite where
/// infinities differ.
double difference(const Matrix<double>& scores, const Eigen::MatrixXd& naive) {
    REQUIRE(scores.rows() == naive.rows());
    REQUIRE(scores.columns() == naive.cols());
    double largest = 0.0, scale = 1e-6;
    for (Index i = 0; i < naive.rows(); ++i) {
        for (Index k = 0; k < naive.cols(); ++k) {
            if (scores(i, k) == naive(i, k)) continue;
            largest = std::max(largest, std::abs(scores(i, k) - naive(i, k)));
            if (std::isfinite(naive(i, k))) scale = std::max(scale, std::abs(naive(i, k)));
        }
    }
    return largest / scale;
}

/// Rows whose best class is best by less than rounding are left out.
Index disagreements(const Labels& predicted, const Eigen::MatrixXd& naive) {
    Index out = 0;
    for (Index i = 0; i < naive.rows(); ++i) {
        const double best = naive.row(i).maxCoeff();
        out += naive(i, predicted[static_cast<std::size_t>(i)]) < best - 1e-9 * std::abs(best) ? 1 : 0;
    }
    return out;
}

void check_equal(const Matrix<double>& training, const Matrix<double>& test, const Labels& labels, Index classes,
                 double ridge = stats::SiteProbe::default_ridge) {
    const stats::SiteProbe probe(training, test, ridge);
    const Eigen::MatrixXd naive = naive_scores(training, test, labels, classes, ridge);
    CHECK(difference(probe.scores(labels, classes), naive) < 1e-9);
    CHECK(disagreements(probe.predict(labels, classes), naive) == 0);
}

double cross_validated(const Cohort& cohort, Index sites, const Labels& labels, const std::vector<Index>& fold,
                       Index folds) {
    Labels predicted(labels.size());
    for (Index f = 0; f < folds; ++f) {
        std::vector<Index> in, out;
        for (std::size_t i = 0; i < fold.size(); ++i) (fold[i] == f ? out : in).push_back(static_cast<Index>(i));
        const auto taken = [&](const std::vector<Index>& rows) {
            Matrix<double> values(static_cast<Index>(rows.size()), cohort.values.columns());
            for (std::size_t i = 0; i < rows.size(); ++i)
                std::copy_n(cohort.values.row(rows[i]).begin(), values.columns(), values.row(static_cast<Index>(i)).begin());
            return values;
        };
        Labels training;
        for (const Index i : in) training.push_back(labels[static_cast<std::size_t>(i)]);
        const Labels here = stats::SiteProbe(taken(in), taken(out)).predict(training, sites);
        for (std::size_t i = 0; i < out.size(); ++i) predicted[static_cast<std::size_t>(out[i])] = here[i];
    }
    return stats::balanced_accuracy(sites, labels, predicted);
}

}  // namespace

TEST_CASE("the probe equals discriminant analysis with an explicit inverse") {
    const Cohort cohort = drawn(260, 30, 7, 0.5, 3);
    const Matrix<double> training = rows_of(cohort.values, 0, 200), test = rows_of(cohort.values, 200, 60);
    Labels labels(cohort.site.begin(), cohort.site.begin() + 200);
    base::Rng rng(4);
    for (int permutation = 0; permutation < 10; ++permutation) {
        check_equal(training, test, labels, 7);
        labels = stats::permuted_within(labels, {}, rng);
    }
    check_equal(training, test, labels, 7, 1e-4);
    check_equal(training, test, labels, 7, 1.0);
    for (Index& k : labels) k = k == 2 || k == 5 ? 0 : k;  // two classes without a row
    check_equal(training, test, labels, 8);
    check_equal(training, test, Labels(200, 1), 3);
}

TEST_CASE("the probe takes more features than rows, gaps, and features that do not vary") {
    for (const Index features : {59, 60, 61, 200}) {
        const Cohort wide = drawn(75, features, 4, 0.7, 5);
        check_equal(rows_of(wide.values, 0, 60), rows_of(wide.values, 60, 15),
                    Labels(wide.site.begin(), wide.site.begin() + 60), 4);
    }
    Cohort holes = drawn(120, 12, 3, 0.5, 6);
    base::Rng rng(7);
    for (Index i = 0; i < holes.values.size(); ++i) {
        if (rng.uniform() < 0.1) holes.values.data()[i] = gap;
    }
    for (Index i = 0; i < 120; ++i) {
        holes.values(i, 4) = i < 100 ? 0.1 : 5.0;  // constant in training, not in test
        holes.values(i, 7) = i < 100 ? gap : 2.0;  // without a value in training
        holes.values(i, 9) = holes.values(i, 8);
    }
    check_equal(rows_of(holes.values, 0, 100), rows_of(holes.values, 100, 20),
                Labels(holes.site.begin(), holes.site.begin() + 100), 3);
}

TEST_CASE("units of features do not matter to the probe") {
    const Cohort cohort = drawn(150, 20, 5, 0.5, 8);
    Matrix<double> other = cohort.values;
    for (Index i = 0; i < 150; ++i) {
        for (Index f = 0; f < 20; ++f) other(i, f) = std::ldexp(cohort.values(i, f), static_cast<int>(300 * (f % 4) - 600));
    }
    const Labels labels(cohort.site.begin(), cohort.site.begin() + 120);
    const stats::SiteProbe one(rows_of(cohort.values, 0, 120), rows_of(cohort.values, 120, 30));
    const stats::SiteProbe two(rows_of(other, 0, 120), rows_of(other, 120, 30));
    CHECK(one.predict(labels, 5) == two.predict(labels, 5));
}

TEST_CASE("the probe recognises sites that differ, and only those") {
    // 6 sites; chance is 1/6.
    const Cohort different = drawn(400, 25, 6, 0.6, 10), alike = drawn(400, 25, 6, 0.0, 11);
    const auto fold = stats::make_folds({.folds = 5, .seed = 1}, 400, {}, {})[0];
    CHECK(cross_validated(different, 6, different.site, fold, 5) > 0.8);
    double sum = 0.0;
    base::Rng rng(12);
    for (int repeat = 0; repeat < 10; ++repeat)
        sum += cross_validated(alike, 6, stats::permuted_within(alike.site, {}, rng), fold, 5);
    CHECK(sum / 10.0 == Approx(1.0 / 6.0).margin(0.03));
}

TEST_CASE("threads share a probe") {
    const Cohort cohort = drawn(200, 20, 6, 0.4, 13);
    const stats::SiteProbe probe(rows_of(cohort.values, 0, 150), rows_of(cohort.values, 150, 50));
    const Labels labels(cohort.site.begin(), cohort.site.begin() + 150);
    const Matrix<double> alone = probe.scores(labels, 6);
    std::vector<Matrix<double>> shared(4);
    std::vector<std::thread> threads;
    for (auto& scores : shared) threads.emplace_back([&] { scores = probe.scores(labels, 6); });
    for (auto& thread : threads) thread.join();
    for (const auto& scores : shared) CHECK(scores == alone);
}

TEST_CASE("what a probe cannot take") {
    const Matrix<double> training(2, {1.0, 2.0, 3.0, 5.0, 2.0, 1.0}), test(2, {1.0, 1.0});
    const stats::SiteProbe probe(training, test);
    CHECK_THROWS_AS(probe.predict(Labels{0, 1}, 2), std::logic_error);
    CHECK_THROWS_AS(probe.predict(Labels{0, 1, 2}, 2), std::logic_error);
    CHECK_THROWS_AS(probe.predict(Labels{0, 1, -1}, 2), std::logic_error);
    CHECK_THROWS_AS(stats::SiteProbe(training, Matrix<double>(3, {1.0, 1.0, 1.0})), std::logic_error);
    CHECK_THROWS_AS(stats::SiteProbe(training, test, 0.0), std::logic_error);
    CHECK_THROWS_AS(stats::SiteProbe(Matrix<double>(0, 2), test), base::Error);
    CHECK_THROWS_AS(stats::SiteProbe(training, Matrix<double>(0, 2)), base::Error);
    const double infinite = std::numeric_limits<double>::infinity();
    CHECK_THROWS_AS(stats::SiteProbe(training, Matrix<double>(2, {infinite, 1.0})), base::Error);
    CHECK_THROWS_AS(stats::SiteProbe(Matrix<double>(2, {1.0, 2.0, infinite, 5.0, 2.0, 1.0}), test), base::Error);
    // Nothing varies: every class that has rows scores the same, and the first of them is predicted.
    const stats::SiteProbe flat(Matrix<double>(2, 2, 3.0), test);
    CHECK(flat.predict(Labels{2, 1}, 3) == Labels{1});
    CHECK(stats::SiteProbe(Matrix<double>(2, {1.0, 2.0}), test).predict(Labels{1}, 2) == Labels{1});
}

TEST_CASE("labels stay in their groups when they are permuted") {
    base::Rng rng(14);
    Labels labels, groups;
    for (Index i = 0; i < 90; ++i) {
        labels.push_back(i);
        groups.push_back(i % 7 == 0 ? 5 : i % 3);
    }
    const Labels permuted = stats::permuted_within(labels, groups, rng);
    CHECK(permuted != labels);
    CHECK(std::set(permuted.begin(), permuted.end()).size() == 90);
    for (std::size_t i = 0; i < 90; ++i) CHECK(groups[static_cast<std::size_t>(permuted[i])] == groups[i]);
    CHECK(stats::permuted_within(labels, {}, rng) != permuted);
    CHECK(stats::permuted_within(labels, labels, rng) == labels);
    CHECK(stats::permuted_within({}, {}, rng).empty());
    CHECK_THROWS_AS(stats::permuted_within(labels, Labels{0}, rng), std::logic_error);
    // Every label is as likely in every place of its group: 3000 ± 45 of 9000, five SDs are allowed.
    std::vector<int> count(3, 0);
    for (int i = 0; i < 9000; ++i) ++count[static_cast<std::size_t>(stats::permuted_within(Labels{0, 1, 2}, {}, rng)[0])];
    for (const int n : count) CHECK(std::abs(n - 3000) < 225);
}
