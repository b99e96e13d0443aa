// Penalised least squares of the features that share a design, with the weight λ of every curve's penalty chosen by REML for
// each feature (Wood 2011, section 2; here from moments alone: with site intercepts partialled out it is
// (n − M)·log(yy − bᵀH⁻¹b) + log|H| − Σ rⱼ·log λⱼ with H = A + Σ λⱼPⱼ that becomes smallest).
#pragma once

#include <Eigen/Core>
#include <optional>
#include <vector>

#include "tare/compute/backend.hpp"
#include "tare/stats/design.hpp"

namespace tare::stats {

struct SmoothFit {
    Eigen::VectorXd coefficients;  ///< terms
    std::vector<double> lambda;    ///< per curve; infinite where it is a straight line
    std::vector<double> edf;       ///< per curve: effective degrees of freedom, 1 for a straight line
};

class SmoothSolver {
public:
    /// within: A = Σ A_s, terms × terms; `subjects` and `sites` that have the features. The curves' lines and the other
    /// terms must be told apart by A (check_design).
    SmoothSolver(const Eigen::MatrixXd& within, std::vector<SmoothTerm> smooths, double subjects, Index sites);

    /// cross_products: b = Σ b_s; squares: yy = Σ q_s of one feature. Threads may share the solver.
    [[nodiscard]] SmoothFit fit(const Eigen::VectorXd& cross_products, double squares) const;

    /// Where there is one curve, and its λ is to be chosen: what compute::Backend::fit_curve needs to find the same as fit
    /// for many features; else nothing. Its columns are empty.
    [[nodiscard]] std::optional<compute::CurveDesign> only_curve() const;

private:
    struct Criterion {
        double value;
        Eigen::VectorXd gradient;
        Eigen::MatrixXd curvature;
    };
    [[nodiscard]] compute::CurveDesign free_curve() const;
    [[nodiscard]] SmoothFit fit_one(const Eigen::VectorXd& cross_products, double squares) const;
    [[nodiscard]] SmoothFit fit_several(const Eigen::VectorXd& scaled, double squares) const;
    [[nodiscard]] Eigen::VectorXd best_on_grid(const Eigen::VectorXd& scaled, double squares) const;
    [[nodiscard]] Criterion criterion(const Eigen::VectorXd& log_lambda, const Eigen::VectorXd& scaled,
                                      double squares) const;
    [[nodiscard]] SmoothFit solved(const Eigen::VectorXd& scaled, const std::vector<double>& chosen) const;
    [[nodiscard]] double log_of_residual(double residual, double squares) const;

    std::vector<SmoothTerm> smooths_;
    std::vector<std::size_t> free_;  ///< the curves whose λ is to be chosen
    double degrees_;                 ///< n − M
    Eigen::VectorXd scale_;          ///< D: everything below is scaled by it
    Eigen::MatrixXd within_;         ///< A
    Eigen::MatrixXd known_;          ///< A and the penalties whose λ was given
    std::vector<Eigen::MatrixXd> penalties_;
    std::vector<double> balance_;  ///< per free curve: the λ that weighs A and P alike

    compute::CurveDesign curve_;  ///< of the only free one

    // Several: Cholesky factors on a grid that all features share.
    struct GridPoint {
        Eigen::VectorXd log_lambda;
        Eigen::MatrixXd factor;
        double constant;  ///< log|H| − Σ r·log λ
    };
    std::vector<GridPoint> points_;
};

}  // namespace tare::stats
