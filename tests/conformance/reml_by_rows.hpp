// Restricted maximum likelihood of curves, written as the mixed model of its textbooks and minimised by brute force: the
// part of each curve that its penalty weighs is random with variance σ²/λ. Shares nothing with the code that it checks.
#pragma once

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <span>
#include <vector>

namespace tare::test {

/// A curve's cubic B-splines on equidistant knots (low and high moved out by 0.1 % of the range): rows × size.
[[nodiscard]] Eigen::MatrixXd b_splines(std::span<const double> x, int size, double low, double high);

class RestrictedLikelihood {
public:
    /// `fixed`: columns without penalty, site intercepts among them; `curves`: B-splines of one covariate each.
    RestrictedLikelihood(const Eigen::MatrixXd& fixed, const std::vector<Eigen::MatrixXd>& curves);

    /// −2 log L of y up to a constant, with σ² at its best; variance_ratio: 1/λ of each curve, 0 for a straight line.
    [[nodiscard]] double minus_two_log(const Eigen::VectorXd& y, const std::vector<double>& variance_ratio) const;
    /// The fitted values there.
    [[nodiscard]] Eigen::VectorXd fitted(const Eigen::VectorXd& y, const std::vector<double>& variance_ratio) const;
    /// The ratios where −2 log L is smallest: a grid over 1e-9 … 1e9 and 0, then ever smaller steps.
    [[nodiscard]] std::vector<double> best(const Eigen::VectorXd& y) const;
    /// The derivative by log λ of the only curve, by differences.
    [[nodiscard]] double slope(const Eigen::VectorXd& y, double lambda) const;

private:
    /// Of the columns of Z: the root of the ratio.
    [[nodiscard]] Eigen::VectorXd scale(const std::vector<double>& variance_ratio) const;
    [[nodiscard]] Eigen::LLT<Eigen::MatrixXd> factor(const Eigen::VectorXd& scale) const;

    Eigen::MatrixXd fixed_;   // X: orthonormal columns
    Eigen::MatrixXd random_;  // Z: the penalised directions of all curves
    Eigen::MatrixXd left_, gram_;
    std::vector<Eigen::Index> columns_;  // of Z, per curve
};

}  // namespace tare::test
