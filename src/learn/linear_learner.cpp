// Predictions of a linear rule, row by row, so that a row's bytes do not depend on its neighbours.
#include "linear_learner.hpp"

#include <numeric>
#include <utility>

namespace tare::learn {

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
    const Index features = preparation.features();
    if (targets.task == Task::regression) {
        // What the mean explains needs no intercept.
        std::vector<double> y = targets.values;
        const double mean = std::accumulate(y.begin(), y.end(), 0.0) / static_cast<double>(y.size());
        for (double& value : y) value -= mean;
        Eigen::MatrixXd weights(features, 1);
        Eigen::VectorXd intercepts(1);
        train_output(y, weights.col(0), intercepts[0]);
        intercepts[0] += mean;
        return std::make_unique<LinearLearner>(std::move(preparation), std::move(weights), std::move(intercepts),
                                               std::nullopt);
    }
    ClassColumns columns{classes_present(targets), targets.classes, logistic};
    const auto outputs = static_cast<Eigen::Index>(columns.margins());
    Eigen::MatrixXd weights(features, outputs);
    Eigen::VectorXd intercepts(outputs);
    std::vector<double> y(targets.labels.size());
    for (Eigen::Index k = 0; k < outputs; ++k) {
        const Index positive = columns.present[static_cast<std::size_t>(outputs == 1 ? 1 : k)];
        for (std::size_t r = 0; r < y.size(); ++r) y[r] = targets.labels[r] == positive ? 1.0 : -1.0;
        train_output(y, weights.col(k), intercepts[k]);
    }
    return std::make_unique<LinearLearner>(std::move(preparation), std::move(weights), std::move(intercepts),
                                           std::move(columns));
}

}  // namespace tare::learn
