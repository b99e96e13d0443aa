// Repeated measurements: y = site intercept + codes·β + u of the subject + e, with the variances of u and e by restricted
// maximum likelihood, exactly, one feature at a time, for longitudinal ComBat.
#pragma once

#include <Eigen/Dense>
#include <span>
#include <vector>

#include "tare/base/matrix.hpp"

namespace tare::stats {

using base::Index;
using base::Matrix;

struct RandomInterceptFit {
    std::vector<double> coefficients;    ///< β: terms
    std::vector<double> site_intercept;  ///< per site, at codes = 0; NaN where the site has no row
    double residual_variance = 0.0;      ///< σ² of e: r'V⁻¹r/(n − q), V = I + θZZ'; 0 where β fits to rounding
    double ratio = 0.0;                  ///< θ = var(u)/var(e): 0 on the boundary, at most 1e8
    std::vector<double> subject_effect;  ///< û: subjects; 0 where the subject has no row
};

/// û = θ/(1 + mθ)·Σ residuals of each subject's m rows, where a residual is y less its site intercept and codes·β.
/// A subject without rows has 0. Serves people whom the model has not seen as well.
[[nodiscard]] std::vector<double> subject_effects(std::span<const double> residuals, std::span<const Index> subject,
                                                  Index subjects, double ratio);

class RandomIntercept {
public:
    /// `codes`: rows × terms, without intercept; `site[i]` in 0 … sites−1, `subject[i]` in 0 … subjects−1. A subject may
    /// change sites. Throws Error (65) where no subject has two rows, where the sites and other terms determine a term,
    /// or where the fixed effects leave no degree of freedom within subjects or none between them.
    RandomIntercept(const Matrix<double>& codes, std::span<const Index> site, Index sites, std::span<const Index> subject,
                    Index subjects);

    /// The global maximum of the restricted likelihood over θ ≥ 0. Thread-safe.
    [[nodiscard]] RandomInterceptFit fit(std::span<const double> y) const;

private:
    class Profile;

    /// Subjects that have the same number of rows lie side by side in `subject_at_` and `subject_sums_`.
    struct Group {
        double rows;  ///< m
        Index first, count;
        Eigen::MatrixXd squares;  ///< T = Σ ss', s the sum of a subject's rows of the basis
    };
    /// All that depends on θ and not on the feature.
    struct Point {
        double ratio;
        Eigen::VectorXd weight;                   ///< per group: c = 1/(m(1 + mθ))
        Eigen::VectorXd slope;                    ///< per group: −dc/dθ = 1/(1 + mθ)²
        Eigen::LLT<Eigen::MatrixXd> information;  ///< A = X'V⁻¹X = Λ + Σ cT
        Eigen::MatrixXd information_slope;        ///< Σ T/(1 + mθ)²
        double log_determinant;                   ///< log|V| + log|A|
        double log_determinant_slope;
    };

    void read_sites(const Matrix<double>& codes, Index sites);
    void orthonormalise_codes(Eigen::MatrixXd codes);
    void group_subjects(std::span<const Index> subject);
    void rotate_basis();
    [[nodiscard]] Point point(double ratio) const;

    Index subjects_;
    std::vector<Index> site_;
    Eigen::VectorXd rows_of_site_;
    std::vector<Index> column_of_site_;  ///< of the basis; −1 where the site has no row
    Index present_sites_ = 0;
    Eigen::MatrixXd site_codes_;   ///< sites × terms: means
    Eigen::VectorXd code_unit_;    ///< terms: norms of the codes within sites
    Eigen::MatrixXd code_factor_;  ///< terms × terms: R, codes within sites = basis·R·units
    Eigen::MatrixXd code_basis_;   ///< rows × terms, orthonormal, orthogonal to the sites

    std::vector<Index> place_;       ///< per row: its subject's place below
    std::vector<Index> subject_at_;  ///< per place: the subject
    std::vector<Group> groups_;
    Eigen::MatrixXd rotation_;      ///< from sites and code basis to the basis in which Λ is diagonal
    Eigen::VectorXd within_;        ///< Λ: the basis's squares within subjects; exactly 0 where constant in all of them
    Eigen::MatrixXd subject_sums_;  ///< places × q: sums of each subject's rows of that basis
    std::vector<Point> grid_;       ///< by increasing θ, from 0
};

}  // namespace tare::stats
