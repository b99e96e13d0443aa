// Learners beside scikit-learn's and XGBoost's own, trained on the same rows with the same hyperparameters: predictions of
// new rows agree as far as the solvers' tolerances allow.
#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include "oracles/oracle.hpp"
#include "support/temporary_directory.hpp"
#include "tare/io/npy_file.hpp"
#include "tare/learn/learner.hpp"

using namespace tare;
using base::Index;
using base::Matrix;
using learn::Kernel;
using learn::Kind;
using learn::LearnerSpec;
using learn::Targets;
using learn::Task;

namespace {

/// A learner of learners.py, and how near its numbers and scores must come, relative to the largest of them.
struct Case {
    std::string name;
    LearnerSpec spec;
    double tolerance;
};

/// Closed forms to rounding; LIBLINEAR's to the pull that each side has on the intercept; LIBSVM stops at 1e-3 on either
/// side, on the same path but for rounding; trees are cut in single precision.
std::vector<Case> number_learners() {
    LearnerSpec trees{.kind = Kind::xgboost};
    trees.trees = {.rounds = 30, .max_depth = 3, .eta = 0.1, .lambda = 2};
    return {
        {"ridge", {.kind = Kind::ridge}, 1e-10},
        {"ridge-strong", {.kind = Kind::ridge, .alpha = 100}, 1e-10},
        {"svr", {.kind = Kind::svr}, 1e-3},
        {"svr-tuned", {.kind = Kind::svr, .c = 10, .epsilon = 0.5, .gamma = 0.01, .gamma_times_scale = false}, 1e-3},
        {"svr-standardised", {.kind = Kind::svr, .standardise = true}, 1e-3},
        {"svr-linear", {.kind = Kind::svr, .kernel = Kernel::linear}, 1e-5},
        {"xgboost", {.kind = Kind::xgboost}, 1e-6},
        {"xgboost-tuned", trees, 1e-6},
    };
}

std::vector<Case> class_learners() {
    return {
        {"logistic", {.kind = Kind::logistic}, 1e-5},
        {"logistic-loose", {.kind = Kind::logistic, .c = 100}, 1e-4},
        {"svm", {.kind = Kind::svm}, 1e-3},
        {"svm-tuned", {.kind = Kind::svm, .c = 10, .gamma = 0.01, .gamma_times_scale = false}, 1e-3},
        {"svm-standardised", {.kind = Kind::svm, .standardise = true}, 1e-3},
        {"svm-linear", {.kind = Kind::svm, .kernel = Kernel::linear}, 1e-5},
        {"xgboost", {.kind = Kind::xgboost}, 1e-6},
    };
}

class Arrays {
public:
    explicit Arrays(const std::filesystem::path& folder, std::string set) : folder_(folder), set_(std::move(set)) {}

    [[nodiscard]] Matrix<double> matrix(const std::string& name) const {
        return io::read_npy((folder_ / (set_ + "." + name + ".npy")).string(), {});
    }
    [[nodiscard]] std::vector<double> values(const std::string& name) const {
        const Matrix<double> all = matrix(name);
        return {all.data(), all.data() + all.size()};
    }
    [[nodiscard]] std::vector<Index> labels(const std::string& name) const {
        const auto all = values(name);
        return {all.begin(), all.end()};
    }

private:
    std::filesystem::path folder_;
    std::string set_;
};

/// The largest difference, relative to the largest wanted value.
double difference(std::span<const double> is, std::span<const double> wanted) {
    REQUIRE(is.size() == wanted.size());
    double largest = 0.0, apart = 0.0;
    for (std::size_t i = 0; i < is.size(); ++i) {
        largest = std::max(largest, std::abs(wanted[i]));
        // Not std::max, which would let a NaN pass.
        if (const double one = std::abs(is[i] - wanted[i]); !(one <= apart)) apart = one;
    }
    REQUIRE(largest > 0.0);
    return apart / largest;
}

void check_numbers(const Arrays& arrays) {
    const Targets targets{.values = arrays.values("numbers")};
    for (const Case& one : number_learners()) {
        INFO(one.name);
        const auto out = learn::trained(one.spec, arrays.matrix("x"), targets, 0)->predict(arrays.matrix("at"));
        CHECK(difference(out.values, arrays.values("numbers." + one.name)) <= one.tolerance);
    }
}

void check_classes(const Arrays& arrays, const std::string& target, Index classes) {
    const Targets targets{.task = Task::classification, .labels = arrays.labels(target), .classes = classes};
    for (const Case& one : class_learners()) {
        INFO(target << " classes, " << one.name);
        const auto out = learn::trained(one.spec, arrays.matrix("x"), targets, 0)->predict(arrays.matrix("at"));
        const std::vector<double> wanted = arrays.values(target + "." + one.name);
        CHECK(difference({out.scores.data(), static_cast<std::size_t>(out.scores.size())}, wanted) <= one.tolerance);
        CHECK(out.labels == arrays.labels(target + "." + one.name + ".labels"));
    }
}

}  // namespace

TEST_CASE("learners predict as scikit-learn's and XGBoost's own do", "[oracle]") {
    const auto python = test::python_with("sklearn, xgboost");
    if (!python) return;
    const test::TemporaryDirectory folder;
    const std::string script = (test::source_folder() / "tests/oracles/learners.py").string();
    const test::Finished made = test::run({*python, script, folder.path().string()});
    INFO(made.err);
    REQUIRE(made.code == 0);
    for (const char* set : {"plain", "units", "wide", "gaps"}) {
        INFO(set);
        const Arrays arrays(folder.path(), set);
        check_numbers(arrays);
        check_classes(arrays, "two", 2);
        check_classes(arrays, "three", 3);
    }
}
