// Cubic P-splines (Eilers and Marx 1996) of a covariate: equidistant knots as mgcv's bs = "ps" places them, coefficients
// without their sum (the site intercepts hold the level), second differences as penalty, straight lines outside the knots.
#pragma once

#include <Eigen/Core>
#include <optional>
#include <span>

#include "tare/base/matrix.hpp"

namespace tare::stats {

using base::Index;

struct Spline {
    Index size = 10;                    ///< k: basis functions, at least 4
    double low = 0.0, high = 0.0;       ///< the range over which the knots are laid
    std::optional<double> lambda = {};  ///< a weight of the penalty that was given; else REML chooses one a feature

    friend bool operator==(const Spline&, const Spline&) = default;

    /// Coded terms: k − 1, as the constant function belongs to the sites.
    [[nodiscard]] Index terms() const noexcept { return size - 1; }
    /// The codes of x: B(x)·Z with Z an orthonormal basis of coefficients that sum to 0. Outside the outer knots, which lie
    /// 0.1 % of the range beyond it, the straight line of the boundary goes on.
    void code(double x, std::span<double> codes) const;
    /// ZᵀDᵀDZ, D the second differences: terms × terms, of rank k − 2.
    [[nodiscard]] Eigen::MatrixXd penalty() const;
    /// The coded coefficients of the straight line, which the penalty leaves alone: terms.
    [[nodiscard]] Eigen::VectorXd line() const;
    /// The k + 4 knots, ascending.
    [[nodiscard]] Eigen::VectorXd knots() const;
};

}  // namespace tare::stats
