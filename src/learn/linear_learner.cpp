// Predictions of a linear rule, row by row, so that a row's bytes do not depend on its neighbours.
#include "linear_learner.hpp"

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

}  // namespace tare::learn
