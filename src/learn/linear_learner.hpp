// A trained linear rule: intercepts and weights of prepared features. Ridge and LIBLINEAR's machines all end as one.
#pragma once

#include <Eigen/Core>
#include <optional>

#include "class_columns.hpp"
#include "preparation.hpp"
#include "tare/learn/learner.hpp"

namespace tare::learn {

class LinearLearner final : public Learner {
public:
    /// `weights`: features × outputs. Without `columns` the one output is the predicted number.
    LinearLearner(Preparation preparation, Eigen::MatrixXd weights, Eigen::VectorXd intercepts,
                  std::optional<ClassColumns> columns);

    [[nodiscard]] Predictions predict(const Matrix<double>& x) const override;

private:
    Preparation preparation_;
    Eigen::MatrixXd weights_;
    Eigen::VectorXd intercepts_;
    std::optional<ClassColumns> columns_;
};

}  // namespace tare::learn
