// Learners of classes against closed forms, and the scores of two, of more, and of classes nobody is in.
#include <cmath>
#include <numeric>

#include <catch2/catch.hpp>

#include "tare/base/error.hpp"
#include "unit/learn/small_rows.hpp"

using namespace tare;
using base::Index;
using base::Matrix;
using learn::Kernel;
using learn::Kind;
using learn::Predictions;
using learn::Targets;
using learn::Task;

namespace {

Targets classes_of(std::vector<Index> labels, Index classes) {
    return {.task = Task::classification, .labels = std::move(labels), .classes = classes};
}

Predictions predicted(const learn::LearnerSpec& spec, const Matrix<double>& x, const Targets& targets,
                      const Matrix<double>& at) {
    return learn::trained(spec, x, targets, 1)->predict(at);
}

}  // namespace

TEST_CASE("two points are parted by the line of the largest margin") {
    const Matrix<double> x(2, {1.0, 1.0, 3.0, 5.0});
    const Targets targets = classes_of({0, 1}, 2);
    const Matrix<double> at(2, {1.0, 1.0, 3.0, 5.0, 2.0, 3.0, 4.0, 2.0});
    // f = 2 (x − middle)·d / |d|², d = (2, 4): ±1 at the points, 0 in the middle and across.
    const Predictions out = predicted({.kind = Kind::svm, .kernel = Kernel::linear, .c = 1e6}, x, targets, at);
    CHECK(out.scores(0, 1) == Approx(-1).epsilon(1e-4));
    CHECK(out.scores(1, 1) == Approx(1).epsilon(1e-4));
    CHECK(out.scores(2, 1) == Approx(0).margin(1e-4));
    CHECK(out.scores(3, 1) == Approx(0).margin(1e-4));
    CHECK(out.labels[0] == 0);
    CHECK(out.labels[1] == 1);
    CHECK_FALSE(out.scores_are_probabilities);
    for (Index r = 0; r < 4; ++r) CHECK(out.scores(r, 0) == -out.scores(r, 1));
}

TEST_CASE("the squared hinge has its closed form on two points") {
    // x = ±1: ½w² + 2C (1 − w)², w = 4C / (1 + 4C).
    const double c = 0.3;
    const Predictions out = predicted({.kind = Kind::svm, .kernel = Kernel::linear, .c = c}, Matrix<double>(1, {-1.0, 1.0}),
                                      classes_of({0, 1}, 2), Matrix<double>(1, 1, 1.0));
    CHECK(out.scores(0, 1) == Approx(4 * c / (1 + 4 * c)).epsilon(1e-7));
}

TEST_CASE("a linear machine is the same with features that are always zero, more of them than rows") {
    const Matrix<double> x = test::random_rows(30, 3, 1), at = test::random_rows(10, 3, 2);
    const auto widened = [](const Matrix<double>& narrow) {
        Matrix<double> wide(narrow.rows(), 50);
        for (Index r = 0; r < narrow.rows(); ++r) std::ranges::copy(narrow.row(r), wide.row(r).begin() + 20);
        return wide;
    };
    const auto c = GENERATE(0.01, 1.0, 100.0);
    const auto classes = GENERATE(2, 3);
    const learn::LearnerSpec spec{.kind = Kind::svm, .kernel = Kernel::linear, .c = c};
    const Predictions narrow = predicted(spec, x, test::classes_for(x, classes, 3), at);
    const Predictions wide = predicted(spec, widened(x), test::classes_for(x, classes, 3), widened(at));
    CHECK(narrow.labels == wide.labels);
    for (Index i = 0; i < narrow.scores.size(); ++i) {
        CHECK(wide.scores.data()[i] == Approx(narrow.scores.data()[i]).epsilon(1e-8).margin(1e-8));
    }
}

TEST_CASE("with a high price of errors every row that can be is beyond its margin, in any units") {
    const double unit = GENERATE(1e-3, 1.0, 1e5);
    Matrix<double> x = test::random_rows(100, 150, 1);
    for (Index i = 0; i < x.size(); ++i) x.data()[i] *= unit;
    Targets targets = classes_of({}, 2);
    base::Rng rng(2);
    for (Index r = 0; r < x.rows(); ++r) targets.labels.push_back(static_cast<Index>(rng.below(2)));
    const Predictions out =
        predicted({.kind = Kind::svm, .kernel = Kernel::linear, .c = 1e3 / (unit * unit)}, x, targets, x);
    CHECK(out.labels == targets.labels);
    for (Index r = 0; r < x.rows(); ++r) CHECK(out.scores(r, targets.labels[static_cast<std::size_t>(r)]) > 0.999);
}

TEST_CASE("an RBF machine of two points has its closed form") {
    // f = a (k(x, 1) − k(x, −1)), f(±1) = ±1 where a ≤ C, else a = C; gamma = 1.
    const Matrix<double> x(1, {-1.0, 1.0});
    const auto c = GENERATE(0.5, 10.0);
    const double a = std::min(c, 1 / (1 - std::exp(-4.0)));
    const Predictions out =
        predicted({.kind = Kind::svm, .c = c}, x, classes_of({1, 0}, 2), Matrix<double>(1, {0.5, -0.5, 3.0}));
    const double wanted = a * (std::exp(-0.25) - std::exp(-2.25));
    CHECK(out.scores(0, 0) == Approx(wanted).epsilon(1e-5));
    CHECK(out.scores(1, 0) == Approx(-wanted).epsilon(1e-5));
    CHECK(out.labels == std::vector<Index>{0, 1, 0});
}

TEST_CASE("without much penalty, logistic regression on a 2×2 table gives the table's log odds") {
    // 30 of 40 with the sign are cases, 6 of 30 without it.
    std::vector<double> sign;
    std::vector<Index> labels;
    const auto add = [&](int count, double value, Index label) {
        sign.insert(sign.end(), static_cast<std::size_t>(count), value);
        labels.insert(labels.end(), static_cast<std::size_t>(count), label);
    };
    add(30, 1.0, 1);
    add(10, 1.0, 0);
    add(6, 0.0, 1);
    add(24, 0.0, 0);
    const Predictions out = predicted({.kind = Kind::logistic, .c = 1e7}, Matrix<double>(1, std::move(sign)),
                                      classes_of(std::move(labels), 2), Matrix<double>(1, {1.0, 0.0}));
    CHECK(out.scores_are_probabilities);
    CHECK(out.scores(0, 1) == Approx(30.0 / 40).epsilon(1e-5));
    CHECK(out.scores(1, 1) == Approx(6.0 / 30).epsilon(1e-5));
    CHECK(out.scores(0, 0) == Approx(10.0 / 40).epsilon(1e-5));
    CHECK(out.labels == std::vector<Index>{1, 0});
}

TEST_CASE("the intercept bears next to no penalty: features that say nothing leave the share of the cases") {
    // A feature of pure zeros, 9 of 10 are cases.
    const auto c = GENERATE(1e-3, 1.0, 1e3);
    std::vector<Index> labels(50, 1);
    for (std::size_t i = 0; i < 5; ++i) labels[i] = 0;
    const Predictions out = predicted({.kind = Kind::logistic, .c = c}, Matrix<double>(50, 1),
                                      classes_of(std::move(labels), 2), Matrix<double>(1, 1, 0.0));
    CHECK(out.scores(0, 1) == Approx(0.9).epsilon(1e-5));
}

TEST_CASE("one tree of depth one gives the probability of its leaf") {
    // From odds of 1: gradient 0.5 − y, curvature 1/4; a leaf is eta · Σ(y − ½) / (n/4 + lambda).
    const Matrix<double> x(1, {1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0});
    learn::LearnerSpec spec{.kind = Kind::xgboost};
    spec.trees = {.rounds = 1, .max_depth = 1};
    const Predictions out = predicted(spec, x, classes_of({0, 0, 0, 0, 1, 1, 1, 1}, 2), x);
    const double leaf = 0.3 * 2 / (1 + 1);
    CHECK(out.scores(7, 1) == Approx(1 / (1 + std::exp(-leaf))).epsilon(1e-6));
    CHECK(out.scores(0, 1) == Approx(1 / (1 + std::exp(leaf))).epsilon(1e-6));
    CHECK(out.labels == std::vector<Index>{0, 0, 0, 0, 1, 1, 1, 1});
}

TEST_CASE("of three classes the right one has the largest score, and probabilities sum to one") {
    Matrix<double> x(90, 2);
    base::Rng rng(4);
    std::vector<Index> labels;
    for (Index r = 0; r < 90; ++r) {
        labels.push_back(r % 3);
        x(r, 0) = 5.0 * (r % 3 == 1 ? 1.0 : 0.0) + 0.3 * rng.normal();
        x(r, 1) = 5.0 * (r % 3 == 2 ? 1.0 : 0.0) + 0.3 * rng.normal();
    }
    const auto kind = GENERATE(Kind::logistic, Kind::svm, Kind::xgboost);
    const auto kernel = GENERATE(Kernel::rbf, Kernel::linear);
    const Predictions out = predicted({.kind = kind, .kernel = kernel}, x, classes_of(labels, 3), x);
    CHECK(out.labels == labels);
    CHECK(out.scores_are_probabilities == (kind != Kind::svm));
    for (Index r = 0; r < 90; ++r) {
        const auto scores = out.scores.row(r);
        CHECK(std::max_element(scores.begin(), scores.end()) - scores.begin() == r % 3);
        if (kind != Kind::svm) CHECK(std::accumulate(scores.begin(), scores.end(), 0.0) == Approx(1.0).epsilon(1e-6));
    }
}

TEST_CASE("a class that nobody is in is never predicted, and the others are as without it") {
    const Matrix<double> x = test::random_rows(60, 3, 1), at = test::random_rows(20, 3, 2);
    const auto kind = GENERATE(Kind::logistic, Kind::svm);
    const auto kernel = GENERATE(Kernel::rbf, Kernel::linear);
    const auto present = GENERATE(2, 3);
    const Targets without = test::classes_for(x, present, 3);
    Targets with = without;
    with.classes = present + 1;
    for (Index& label : with.labels) label += label > 0 ? 1 : 0;
    const learn::LearnerSpec spec{.kind = kind, .kernel = kernel};
    const Predictions a = predicted(spec, x, without, at), b = predicted(spec, x, with, at);
    for (Index r = 0; r < at.rows(); ++r) {
        const Index label = a.labels[static_cast<std::size_t>(r)];
        CHECK(b.labels[static_cast<std::size_t>(r)] == label + (label > 0 ? 1 : 0));
        CHECK(b.scores(r, 0) == a.scores(r, 0));
        CHECK(b.scores(r, 2) == a.scores(r, 1));
        CHECK(b.scores(r, 1) == (kind == Kind::logistic ? 0.0 : -1.0));
    }
}

TEST_CASE("probabilities far from every class are numbers") {
    const Matrix<double> x(1, {0.0, 0.1, 1.0, 1.1, 2.0, 2.1});
    const Predictions out =
        predicted({.kind = Kind::logistic, .c = 100}, x, classes_of({0, 0, 1, 1, 2, 2}, 3), Matrix<double>(1, {-1e6, 1e6}));
    for (Index r = 0; r < 2; ++r) {
        const auto scores = out.scores.row(r);
        CHECK(std::accumulate(scores.begin(), scores.end(), 0.0) == Approx(1.0));
    }
}
