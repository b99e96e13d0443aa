// Predictions of a linear rule, row by row, so that a row's bytes do not depend on its neighbours.
#include "linear_learner.hpp"

#include <utility>

namespace tare::learn {

namespace {

Eigen::VectorXd numbers(const Targets& targets) {
    return Eigen::Map<const Eigen::VectorXd>(targets.values.data(), static_cast<Eigen::Index>(targets.values.size()));
}

Eigen::VectorXd membership(const Targets& targets, Index label) {
    Eigen::VectorXd y(static_cast<Eigen::Index>(targets.labels.size()));
    for (Eigen::Index r = 0; r < y.size(); ++r) {
        y[r] = targets.labels[static_cast<std::size_t>(r)] == label ? 1.0 : -1.0;
    }
    return y;
}

}  // namespace

LinearLearner::LinearLearner(Preparation preparation, Eigen::MatrixXd weights, Eigen::VectorXd intercepts,
                             std::optional<ClassColumns> columns)
    : preparation_(std::move(preparation)),
      weights_(std::move(weights)),
      intercepts_(std::move(intercepts)),
      columns_(std::move(columns)) {}

Predictions LinearLearner::predict(const Matrix<double>& x) const {
    preparation_.check_new_rows(x);
    Predictions out;
    if (columns_) {
        out.scores = Matrix<double>(x.rows(), columns_->classes);
        out.scores_are_probabilities = columns_->logistic;
    }
    Eigen::VectorXd row(x.columns());
    std::vector<double> margins(static_cast<std::size_t>(weights_.cols()));
    for (Index r = 0; r < x.rows(); ++r) {
        preparation_.prepare(x.row(r), row.data());
        for (Eigen::Index k = 0; k < weights_.cols(); ++k) {
            margins[static_cast<std::size_t>(k)] = intercepts_[k] + weights_.col(k).dot(row);
        }
        if (columns_) {
            columns_->fill(margins, out.scores.row(r));
            out.labels.push_back(largest(out.scores.row(r)));
        } else {
            out.values.push_back(margins[0]);
        }
    }
    return out;
}

std::unique_ptr<const Learner> train_outputs(Preparation preparation, const Targets& targets, bool logistic,
                                             const TrainOutput& train_output) {
    std::optional<ClassColumns> columns;
    Eigen::Index outputs = 1;
    if (targets.task == Task::classification) {
        columns = ClassColumns{classes_present(targets), targets.classes, logistic};
        outputs = static_cast<Eigen::Index>(columns->margins());
    }
    Eigen::MatrixXd weights(preparation.features(), outputs);
    Eigen::VectorXd intercepts(outputs);
    for (Eigen::Index k = 0; k < outputs; ++k) {
        LinearRule rule =
            train_output(columns ? membership(targets, columns->present[static_cast<std::size_t>(outputs == 1 ? 1 : k)])
                                 : numbers(targets));
        weights.col(k) = rule.weights;
        intercepts[k] = rule.intercept;
    }
    return std::make_unique<LinearLearner>(std::move(preparation), std::move(weights), std::move(intercepts),
                                           std::move(columns));
}

}  // namespace tare::learn
