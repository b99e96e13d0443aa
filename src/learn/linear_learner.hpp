// A trained linear rule: intercepts and weights of prepared features. Ridge, logistic regression and the linear machines
// all end as one.
#pragma once

#include <Eigen/Core>
#include <functional>
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

struct LinearRule {
    Eigen::VectorXd weights;
    double intercept = 0.0;
};

/// Trains one output on numbers, or on 1 for those in the class and −1 for the others.
using TrainOutput = std::function<LinearRule(Eigen::VectorXd y)>;

/// One output for numbers or two classes, else one for each class against the rest.
[[nodiscard]] std::unique_ptr<const Learner> train_outputs(Preparation preparation, const Targets& targets, bool logistic,
                                                           const TrainOutput& train_output);

}  // namespace tare::learn
