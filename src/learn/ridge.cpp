// Ridge regression in closed form: the normal equations of centred features, or where features outnumber rows the same
// solution from the rows' inner products, w = Xᵀ(XXᵀ + alpha I)⁻¹ y (Saunders, Gammerman, Vovk 1998).
#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <limits>
#include <string>

#include "linear_learner.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "training.hpp"

namespace tare::learn {

namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Solves (gram + alpha I) z = right, of which only the lower half of gram is read. Scaled to a diagonal of ones first, so
/// that the units of the features do not count when it is asked whether the answer is unique.
Eigen::VectorXd solve(Eigen::MatrixXd gram, double alpha, const Eigen::VectorXd& right) {
    gram.diagonal().array() += alpha;
    const Eigen::VectorXd scale = gram.diagonal().array().sqrt();
    bool unique = scale.minCoeff() > 0.0;
    if (unique) {
        const Eigen::VectorXd inverse = scale.cwiseInverse();
        gram = inverse.asDiagonal() * gram * inverse.asDiagonal();
        const Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> factor(gram);
        unique = factor.info() == Eigen::Success && factor.rcond() > std::numeric_limits<double>::epsilon();
        if (unique) return inverse.asDiagonal() * factor.solve(inverse.asDiagonal() * right);
    }
    throw base::degenerate(
        "ridge with alpha = " + base::number_text(alpha) +
            " has no unique answer: features determine each other, are constant, or are as many as the rows",
        "give a larger alpha");
}

}  // namespace

std::unique_ptr<const Learner> train_ridge(const LearnerSpec& spec, const Matrix<double>& x, const Targets& targets) {
    Preparation preparation(x, spec.standardise);
    Rows rows(x.rows(), x.columns());
    for (Index r = 0; r < x.rows(); ++r) preparation.prepare(x.row(r), rows.row(r).data());
    Eigen::VectorXd y = Eigen::Map<const Eigen::VectorXd>(targets.values.data(), x.rows());
    // The prepared features have mean 0 (that of the values present and of the zeros in place of missing ones).
    const double mean = y.mean();
    y.array() -= mean;
    Eigen::VectorXd weights;
    if (x.columns() <= x.rows()) {
        Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(x.columns(), x.columns());
        gram.selfadjointView<Eigen::Lower>().rankUpdate(rows.transpose());
        weights = solve(std::move(gram), spec.alpha, rows.transpose() * y);
    } else {
        Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(x.rows(), x.rows());
        gram.selfadjointView<Eigen::Lower>().rankUpdate(rows);
        weights = rows.transpose() * solve(std::move(gram), spec.alpha, y);
    }
    return std::make_unique<LinearLearner>(std::move(preparation), std::move(weights), Eigen::VectorXd::Constant(1, mean),
                                           std::nullopt);
}

}  // namespace tare::learn
