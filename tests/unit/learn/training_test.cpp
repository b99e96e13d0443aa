// What holds for every learner: the same bytes every time, missing cells, rows apart from each other, and what is refused.
#include <cmath>
#include <cstdlib>
#include <limits>
#include <thread>

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

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

void check_refused(const learn::LearnerSpec& spec, const Matrix<double>& x, const Targets& targets, base::ExitCode code,
                   const std::string& beginning) {
    INFO(learn::described(spec));
    try {
        static_cast<void>(learn::trained(spec, x, targets, 1));
        FAIL("not refused: " << beginning);
    } catch (const base::Error& error) {
        CHECK(error.code() == code);
        INFO(error.what());
        CHECK(std::string(error.what()).starts_with(beginning));
    }
}

}  // namespace

TEST_CASE("two trainings give equal bytes, whatever rand() was asked and whatever runs beside them") {
    const Matrix<double> x = test::random_rows(60, 5, 1), at = test::random_rows(20, 5, 2);
    for (const auto& [spec, targets] : test::all_learners(x)) {
        INFO(learn::described(spec));
        std::srand(1);
        const Predictions first = learn::trained(spec, x, targets, 1)->predict(at);
        std::srand(2);
        for (int i = 0; i < 5; ++i) static_cast<void>(std::rand());
        const Predictions second = learn::trained(spec, x, targets, 1)->predict(at);
        CHECK(test::equal_bytes(first, second));
        Predictions third, fourth;
        std::thread one([&] { third = learn::trained(spec, x, targets, 1)->predict(at); });
        std::thread other([&] { fourth = learn::trained(spec, x, targets, 1)->predict(at); });
        one.join();
        other.join();
        CHECK(test::equal_bytes(first, third));
        CHECK(test::equal_bytes(first, fourth));
    }
}

TEST_CASE("nobody but the trees' own draws uses the seed") {
    const Matrix<double> x = test::random_rows(60, 5, 1), at = test::random_rows(20, 5, 2);
    for (const auto& [spec, targets] : test::all_learners(x)) {
        INFO(learn::described(spec));
        CHECK(test::equal_bytes(learn::trained(spec, x, targets, 1)->predict(at),
                                learn::trained(spec, x, targets, 2)->predict(at)));
    }
    learn::LearnerSpec spec{.kind = Kind::xgboost};
    spec.trees.subsample = 0.5;
    const Targets targets = test::numbers_for(x, 5);
    const Predictions first = learn::trained(spec, x, targets, 1)->predict(at);
    CHECK(test::equal_bytes(first, learn::trained(spec, x, targets, 1)->predict(at)));
    CHECK_FALSE(test::equal_bytes(first, learn::trained(spec, x, targets, 2)->predict(at)));
}

TEST_CASE("a row is predicted the same alone and among others") {
    const Matrix<double> x = test::random_rows(60, 5, 1), at = test::random_rows(20, 5, 2);
    for (const auto& [spec, targets] : test::all_learners(x)) {
        INFO(learn::described(spec));
        const auto learner = learn::trained(spec, x, targets, 1);
        const Predictions together = learner->predict(at);
        for (Index r = 0; r < at.rows(); ++r) {
            const auto row = at.row(r);
            const Predictions alone = learner->predict(Matrix<double>(5, {row.begin(), row.end()}));
            if (targets.task == Task::regression) {
                CHECK(alone.values[0] == together.values[static_cast<std::size_t>(r)]);
            } else {
                CHECK(alone.labels[0] == together.labels[static_cast<std::size_t>(r)]);
                CHECK(std::ranges::equal(alone.scores.row(0), together.scores.row(r)));
            }
        }
        const Predictions none = learner->predict(Matrix<double>(0, 5));
        CHECK(none.values.empty());
        CHECK(none.labels.empty());
    }
}

TEST_CASE("a missing cell counts as the training mean, in training and in prediction") {
    Matrix<double> x = test::random_rows(40, 4, 1), at = test::random_rows(6, 4, 2);
    double sum = 0.0;
    for (Index r = 0; r < 40; ++r) {
        if (r % 3 == 0) {
            x(r, 2) = missing;
        } else {
            sum += x(r, 2);
        }
    }
    Matrix<double> filled = x, filled_at = at;
    for (Index r = 0; r < 40; r += 3) filled(r, 2) = sum / 26;
    at(1, 2) = missing;
    filled_at(1, 2) = sum / 26;
    for (const auto& [spec, targets] : test::all_learners(filled)) {
        if (spec.kind == Kind::xgboost) continue;
        for (const bool standardise : {false, true}) {
            learn::LearnerSpec both = spec;
            both.standardise = standardise;
            INFO(learn::described(both));
            const Predictions a = learn::trained(both, x, targets, 1)->predict(at);
            const Predictions b = learn::trained(both, filled, targets, 1)->predict(filled_at);
            CHECK(a.labels == b.labels);
            for (std::size_t i = 0; i < a.values.size(); ++i) CHECK(a.values[i] == Approx(b.values[i]).epsilon(1e-9));
            for (Index i = 0; i < a.scores.size(); ++i) {
                CHECK(a.scores.data()[i] == Approx(b.scores.data()[i]).epsilon(1e-6).margin(1e-6));
            }
        }
    }
}

TEST_CASE("trees learn from a cell that it is missing") {
    Matrix<double> x(40, 1);
    Targets targets;
    for (Index r = 0; r < 40; ++r) {
        x(r, 0) = r % 2 == 0 ? missing : static_cast<double>(r);
        targets.values.push_back(r % 2 == 0 ? 10.0 : 0.0);
    }
    const auto learner = learn::trained({.kind = Kind::xgboost}, x, targets, 1);
    const auto values = learner->predict(Matrix<double>(1, {missing, 20.0})).values;
    CHECK(values[0] == Approx(10.0).margin(0.1));
    CHECK(values[1] == Approx(0.0).margin(0.1));
}

TEST_CASE("a feature without any training value counts for nothing, even where a later row has it") {
    Matrix<double> x = test::random_rows(40, 4, 1), at = test::random_rows(6, 4, 2);
    Matrix<double> other = at;
    for (Index r = 0; r < 40; ++r) x(r, 3) = missing;
    for (Index r = 0; r < 6; ++r) other(r, 3) = r % 2 == 0 ? 1e6 : missing;
    for (const auto& [spec, targets] : test::all_learners(test::random_rows(40, 4, 1))) {
        INFO(learn::described(spec));
        const auto learner = learn::trained(spec, x, targets, 1);
        const Predictions a = learner->predict(at), b = learner->predict(other);
        CHECK(test::equal_bytes(a, b));
        for (const double value : a.values) CHECK(std::isfinite(value));
    }
}

TEST_CASE("rows that do not differ at all are learned from: the mean, the larger class") {
    const Matrix<double> x(20, 3, 0.1);
    for (const auto& [spec, targets] : test::all_learners(test::random_rows(20, 3, 1))) {
        INFO(learn::described(spec));
        for (const bool standardise : {false, true}) {
            learn::LearnerSpec both = spec;
            both.standardise = standardise;
            const Predictions out = learn::trained(both, x, targets, 1)->predict(x);
            for (const double value : out.values) CHECK(std::isfinite(value));
            for (Index i = 0; i < out.scores.size(); ++i) CHECK(std::isfinite(out.scores.data()[i]));
        }
    }
}

TEST_CASE("what cannot be learned from is refused, by every learner") {
    const Matrix<double> x = test::random_rows(20, 3, 1);
    using base::ExitCode;
    for (const auto& [spec, right] : test::all_learners(x)) {
        check_refused(spec, Matrix<double>(0, 3), right, ExitCode::data, "there is nothing to learn from: 0 rows");
        check_refused(spec, Matrix<double>(20, 0), right, ExitCode::data, "there is nothing to learn from: 20 rows and 0");
        check_refused(spec, test::random_rows(19, 3, 1), right, ExitCode::data,
                      "there are 19 rows to learn from and 20 targets");
        Matrix<double> infinite = x;
        infinite(4, 1) = -infinity;
        check_refused(spec, infinite, right, ExitCode::data, "row 5, feature 2 is infinite");
        const auto learner = learn::trained(spec, x, right, 1);
        CHECK_THROWS_AS(learner->predict(infinite), base::Error);
        CHECK_THROWS_AS(learner->predict(test::random_rows(2, 4, 1)), base::Error);
        CHECK_THROWS_AS(learner->predict(test::random_rows(2, 2, 1)), base::Error);
        Matrix<double> huge = x;
        huge(4, 1) = 1e300;
        CHECK_THROWS_AS(learn::trained(spec, huge, right, 1), base::Error);
        Targets wrong = right;
        if (right.task == Task::regression) {
            wrong.values[6] = missing;
            check_refused(spec, x, wrong, ExitCode::data, "the target of row 7 is no finite number");
            continue;
        }
        wrong.labels[6] = right.classes;
        check_refused(spec, x, wrong, ExitCode::data, "the target of row 7 is class");
        wrong.labels[6] = -1;
        check_refused(spec, x, wrong, ExitCode::data, "the target of row 7 is class -1");
        wrong.labels.assign(20, 1);
        check_refused(spec, x, wrong, ExitCode::data, "all 20 training rows are of one class");
    }
}

TEST_CASE("a learner that does not suit the task is refused as wrong usage") {
    const Matrix<double> x = test::random_rows(20, 3, 1);
    for (const Kind kind : {Kind::ridge, Kind::svr}) {
        check_refused({.kind = kind}, x, test::classes_for(x, 2, 1), base::ExitCode::usage, "the learner '");
    }
    for (const Kind kind : {Kind::logistic, Kind::svm}) {
        check_refused({.kind = kind}, x, test::numbers_for(x, 1), base::ExitCode::usage, "the learner '");
    }
    check_refused({.kind = Kind::svr, .c = -1}, x, test::numbers_for(x, 1), base::ExitCode::usage, "svr: C is -1");
}
