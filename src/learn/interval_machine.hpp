// A linear rule that is to stay within an interval for every row, at the price of its squared weights and of C times the
// squared distance of every row that it does not: what the linear svm (squared hinge) and svr both are.
#pragma once

#include <Eigen/Core>

#include "linear_learner.hpp"

namespace tare::learn {

/// Minimises ½|w|² + c Σ distance(xᵢᵀw + b, [lowᵢ, highᵢ])²; infinite ends are allowed. The intercept bears no penalty.
[[nodiscard]] LinearRule interval_machine(const Rows& x, const Eigen::ArrayXd& low, const Eigen::ArrayXd& high, double c);

}  // namespace tare::learn
