// A trained machine with the kernel exp(−gamma |a − b|²): its support vectors and decision functions, without LIBSVM.
#pragma once

#include <Eigen/Core>
#include <optional>

#include "class_columns.hpp"
#include "preparation.hpp"
#include "tare/learn/learner.hpp"

namespace tare::learn {

/// For numbers one decision function over all rows. For classes one for each pair (i, j), i < j, in the order (0, 1),
/// (0, 2), …: column j − 1 over the rows of class i and column i over those of class j; above 0 it votes for i.
struct SupportVectors {
    Rows rows;                            ///< prepared; class by class
    Eigen::MatrixXd coefficients;         ///< rows × 1, or rows × (classes − 1)
    std::vector<Eigen::Index> per_class;  ///< number of rows of every class; empty for numbers
    std::vector<double> offsets;          ///< to be subtracted, one per decision function
};

class RbfLearner final : public Learner {
public:
    /// Without `columns` the one decision function is the predicted number.
    RbfLearner(Preparation preparation, SupportVectors support, double gamma, std::optional<ClassColumns> columns);

    [[nodiscard]] Predictions predict(const Matrix<double>& x) const override;

private:
    /// Votes and scores of one row, from its kernel values; returns the position of the class it votes for.
    [[nodiscard]] std::size_t vote(const Eigen::VectorXd& kernel, std::span<double> margins) const;

    Preparation preparation_;
    SupportVectors support_;
    double gamma_;
    std::optional<ClassColumns> columns_;
};

}  // namespace tare::learn
