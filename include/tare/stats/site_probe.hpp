// How well a linear classifier recognises the site: discriminant analysis (Fisher 1936; Rao 1948) with equal priors, made
// for thousands of permuted labels on the same rows. The total scatter of the training rows knows no labels, so it is
// factored once; labels enter as an update of the rank of the classes.
#pragma once

#include <span>
#include <vector>

#include "tare/base/matrix.hpp"

namespace tare::stats {

using base::Index;
using base::Matrix;

/// Training and test rows of one fold. Features are centred and scaled by the training rows' mean and SD (divisor n); a
/// missing cell counts as the mean; a feature that is constant or absent in training takes no part. With the class means
/// m_k and W = Σ_k Σ_{i∈k} (x_i − m_k)(x_i − m_k)ᵀ + ridge·n·I (n the mean eigenvalue of the total scatter), class k
/// scores s_k(x) = m_kᵀ W⁻¹ x − ½ m_kᵀ W⁻¹ m_k. The ridge makes W regular for more features than rows, too.
/// Const functions may be called from several threads at once.
class SiteProbe {
public:
    static constexpr double default_ridge = 0.01;

    /// Rows × features, with the same features. Takes O(n p min(n, p)) steps and holds (training + test rows) ×
    /// min(training rows, features) numbers. Throws Error (65) for no training or test row and for an infinite value;
    /// std::logic_error for other shapes or a ridge that is not positive.
    SiteProbe(const Matrix<double>& training, const Matrix<double>& test, double ridge = default_ridge);

    /// The class with the highest score for every test row; of equal ones the first. Labels are 0 … classes − 1, one per
    /// training row; a class without a training row is never predicted. Throws std::logic_error for other labels.
    [[nodiscard]] std::vector<Index> predict(std::span<const Index> training_labels, Index classes) const;

    /// s_k: test rows × classes, −∞ for a class without a training row. Comparable within a row, not between rows.
    [[nodiscard]] Matrix<double> scores(std::span<const Index> training_labels, Index classes) const;

private:
    Matrix<double> training_;  ///< rows × dimensions: L⁻¹x with LLᵀ = total scatter + ridge·n·I
    Matrix<double> test_;      ///< the same of the test rows
};

}  // namespace tare::stats
