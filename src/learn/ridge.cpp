// Ridge regression in closed form: the normal equations of centred features, or where features outnumber rows the same
// solution from the rows' inner products, w = Xᵀ(XXᵀ + alpha I)⁻¹ y (Saunders, Gammerman, Vovk 1998).
#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/SVD>
#include <algorithm>
#include <optional>

#include "linear_learner.hpp"
#include "tare/base/error.hpp"
#include "training.hpp"

namespace tare::learn {

namespace {

/// Below this reciprocal condition number the inner products have lost what tells the features apart.
constexpr double least_condition = 1e-13;

/// Solves (gram + alpha I) z = right, of which only the lower half of gram is read; nothing where rounding decides the
/// answer. Scaled to a diagonal of ones first, so that the units of the features do not count in that.
std::optional<Eigen::VectorXd> solve(Eigen::MatrixXd gram, double alpha, const Eigen::VectorXd& right) {
    gram.diagonal().array() += alpha;
    if (gram.diagonal().minCoeff() <= 0.0) return std::nullopt;
    const Eigen::VectorXd scale = gram.diagonal().array().rsqrt();
    gram = scale.asDiagonal() * gram * scale.asDiagonal();
    const Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> factor(gram);
    if (factor.info() != Eigen::Success || factor.rcond() < least_condition) return std::nullopt;
    return scale.asDiagonal() * factor.solve(scale.asDiagonal() * right);
}

std::optional<Eigen::VectorXd> weights_by_products(const Rows& rows, const Eigen::VectorXd& y, double alpha) {
    const bool by_features = rows.cols() <= rows.rows();
    const Eigen::Index size = std::min(rows.cols(), rows.rows());
    Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(size, size);
    if (by_features) {
        gram.selfadjointView<Eigen::Lower>().rankUpdate(rows.transpose());
        return solve(std::move(gram), alpha, rows.transpose() * y);
    }
    gram.selfadjointView<Eigen::Lower>().rankUpdate(rows);
    const auto of_rows = solve(std::move(gram), alpha, y);
    if (!of_rows) return std::nullopt;
    return rows.transpose() * *of_rows;
}

/// Slower, but as exact as the rows are: a penalty above 0 always has one answer, however alike the features.
Eigen::VectorXd weights_by_singular_values(const Rows& rows, const Eigen::VectorXd& y, double alpha) {
    const Eigen::BDCSVD<Eigen::MatrixXd> parts(rows, Eigen::ComputeThinU | Eigen::ComputeThinV);
    const auto& values = parts.singularValues().array();
    return parts.matrixV() * (values / (values.square() + alpha) * (parts.matrixU().transpose() * y).array()).matrix();
}

}  // namespace

std::unique_ptr<const Learner> train_ridge(const LearnerSpec& spec, const Matrix<double>& x, const Targets& targets) {
    Preparation preparation(x, spec.standardise);
    const Rows rows = preparation.prepared(x);
    Eigen::VectorXd y = Eigen::Map<const Eigen::VectorXd>(targets.values.data(), x.rows());
    // The prepared features have mean 0 (that of the values present and of the zeros in place of missing ones).
    const double mean = y.mean();
    y.array() -= mean;
    auto weights = weights_by_products(rows, y, spec.alpha);
    if (!weights && spec.alpha > 0.0) weights = weights_by_singular_values(rows, y, spec.alpha);
    if (!weights) {
        throw base::degenerate(
            "ridge with alpha = 0 has no unique answer: features determine each other, are constant, or "
            "are as many as the rows",
            "give an alpha above 0");
    }
    return std::make_unique<LinearLearner>(std::move(preparation), std::move(*weights), Eigen::VectorXd::Constant(1, mean),
                                           std::nullopt);
}

}  // namespace tare::learn
