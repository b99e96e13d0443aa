// Training as one call: checks what every learner needs, then hands over to what trains it.
#include "tare/learn/learner.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "class_columns.hpp"
#include "preparation.hpp"
#include "tare/base/error.hpp"
#include "training.hpp"

namespace tare::learn {

namespace {

/// The libraries count rows and features in int, and need a little room above.
constexpr Index most = std::numeric_limits<int>::max() - 2;

void check_suits(const LearnerSpec& spec, Task task) {
    if (suits(spec.kind, task)) return;
    const bool numbers = task == Task::regression;
    throw base::usage_error(
        "the learner '" + std::string(name_of(spec.kind)) + "' does not predict " + (numbers ? "numbers" : "classes"),
        numbers ? "for numbers there are ridge, svr and xgboost" : "for classes there are logistic, svm and xgboost");
}

void check_targets(const Targets& targets, Index rows) {
    const bool numbers = targets.task == Task::regression;
    const std::size_t count = numbers ? targets.values.size() : targets.labels.size();
    if (count != static_cast<std::size_t>(rows)) {
        throw base::inconsistent("there are " + std::to_string(rows) + " rows to learn from and " + std::to_string(count) +
                                 " targets");
    }
    if (numbers) {
        const auto wrong = std::ranges::find_if_not(targets.values, [](double value) { return std::isfinite(value); });
        if (wrong == targets.values.end()) return;
        throw base::degenerate("the target of row " + std::to_string(wrong - targets.values.begin() + 1) +
                               " is no finite number");
    }
    const auto wrong =
        std::ranges::find_if_not(targets.labels, [&](Index label) { return label >= 0 && label < targets.classes; });
    if (wrong != targets.labels.end()) {
        throw base::inconsistent("the target of row " + std::to_string(wrong - targets.labels.begin() + 1) + " is class " +
                                 std::to_string(*wrong) + " of " + std::to_string(targets.classes) + " (counted from 0)");
    }
    if (classes_present(targets).size() < 2) {
        throw base::degenerate("all " + std::to_string(rows) + " training rows are of one class: there is nothing to learn");
    }
}

}  // namespace

std::unique_ptr<const Learner> trained(const LearnerSpec& spec, const Matrix<double>& x, const Targets& targets,
                                       std::uint64_t seed) {
    check(spec);
    check_suits(spec, targets.task);
    if (x.rows() == 0 || x.columns() == 0) {
        throw base::degenerate("there is nothing to learn from: " + std::to_string(x.rows()) + " rows and " +
                               std::to_string(x.columns()) + " features");
    }
    if (x.rows() > most || x.columns() > most) {
        throw base::degenerate("too much to learn from: " + std::to_string(x.rows()) + " rows and " +
                               std::to_string(x.columns()) + " features; " + std::to_string(most) + " are possible");
    }
    check_targets(targets, x.rows());
    if (spec.kind == Kind::xgboost) return train_with_xgboost(spec, x, targets, seed);
    check_cells(x, std::numeric_limits<double>::max());
    if (spec.kind == Kind::ridge) return train_ridge(spec, x, targets);
    if (spec.kind == Kind::logistic) return train_logistic(spec, x, targets);
    if (spec.kernel == Kernel::linear) return train_linear_machine(spec, x, targets);
    return train_with_libsvm(spec, x, targets);
}

}  // namespace tare::learn
