// One training function per learner; learner.cpp chooses among them, with specification and data checked.
#pragma once

#include "tare/learn/learner.hpp"

namespace tare::learn {

[[nodiscard]] std::unique_ptr<const Learner> train_ridge(const LearnerSpec& spec, const Matrix<double>& x,
                                                         const Targets& targets);
/// By LIBLINEAR.
[[nodiscard]] std::unique_ptr<const Learner> train_logistic(const LearnerSpec& spec, const Matrix<double>& x,
                                                            const Targets& targets);
/// Svm and svr with a linear kernel.
[[nodiscard]] std::unique_ptr<const Learner> train_linear_machine(const LearnerSpec& spec, const Matrix<double>& x,
                                                                  const Targets& targets);
/// Svm and svr with the kernel rbf.
[[nodiscard]] std::unique_ptr<const Learner> train_with_libsvm(const LearnerSpec& spec, const Matrix<double>& x,
                                                               const Targets& targets);
[[nodiscard]] std::unique_ptr<const Learner> train_with_xgboost(const LearnerSpec& spec, const Matrix<double>& x,
                                                                const Targets& targets, std::uint64_t seed);

}  // namespace tare::learn
