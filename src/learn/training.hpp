// One training function per library; learner.cpp chooses among them, with specification and data checked.
#pragma once

#include "tare/learn/learner.hpp"

namespace tare::learn {

[[nodiscard]] std::unique_ptr<const Learner> train_ridge(const LearnerSpec& spec, const Matrix<double>& x,
                                                         const Targets& targets);
/// Logistic, and svm and svr with a linear kernel.
[[nodiscard]] std::unique_ptr<const Learner> train_with_liblinear(const LearnerSpec& spec, const Matrix<double>& x,
                                                                  const Targets& targets);
/// Svm and svr with a linear kernel: the same machine, where features outnumber rows.
[[nodiscard]] std::unique_ptr<const Learner> train_linear_with_libsvm(const LearnerSpec& spec, const Matrix<double>& x,
                                                                      const Targets& targets);
/// Svm and svr with the kernel rbf.
[[nodiscard]] std::unique_ptr<const Learner> train_with_libsvm(const LearnerSpec& spec, const Matrix<double>& x,
                                                               const Targets& targets);
[[nodiscard]] std::unique_ptr<const Learner> train_with_xgboost(const LearnerSpec& spec, const Matrix<double>& x,
                                                                const Targets& targets, std::uint64_t seed);

}  // namespace tare::learn
