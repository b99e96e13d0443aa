// Which learner, with which hyperparameters. Unless said otherwise the defaults are those published by scikit-learn 1.5 and
// XGBoost 1.7, so that a learner named and not tuned is the one that others mean by that name.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tare/base/matrix.hpp"

namespace tare::learn {

enum class Task { regression, classification };

/// ridge    scikit-learn's Ridge: |y − Xw − b|² + alpha |w|²
/// logistic LogisticRegression: ½|w|² + C Σ log(1 + exp(−y (xᵀw + b))); three or more classes each against the rest
/// svm      kernel rbf: SVC, one class against another; linear: LinearSVC (squared hinge), each class against the rest
/// svr      kernel rbf: SVR; linear: LinearSVR with the squared loss beyond epsilon
/// xgboost  XGBRegressor, XGBClassifier
/// The intercept b of all of them bears no penalty; that of logistic a millionth of a weight's, because LIBLINEAR knows it
/// only as the weight of a constant feature (scikit-learn's default solver does without; its LinearSVC penalises b in full).
enum class Kind { ridge, logistic, svm, svr, xgboost };
enum class Kernel { rbf, linear };

/// The trees of XGBoost, by its own names.
struct TreeSpec {
    base::Index rounds = 100;
    base::Index max_depth = 6;
    double eta = 0.3;
    double lambda = 1.0;
    double min_child_weight = 1.0;
    double subsample = 1.0;
    double colsample_bytree = 1.0;
};

struct LearnerSpec {
    Kind kind = Kind::ridge;
    Kernel kernel = Kernel::rbf;  ///< svm and svr
    /// Divides every feature by its SD over the training rows (n in the denominator), missing cells counted as the mean.
    /// Off, as in scikit-learn's bare estimators: `svr` is SVR(). Trees do not depend on it and ignore it.
    bool standardise = false;
    double alpha = 1.0;    ///< ridge; at least 0
    double c = 1.0;        ///< logistic, svm and svr; above 0
    double epsilon = 0.1;  ///< svr, in units of the target (LinearSVR publishes 0); at least 0
    /// svm and svr with kernel rbf: exp(−gamma |a − b|²). A multiple of 'scale' = 1/(features × variance of all training
    /// cells together), or the number itself; above 0.
    double gamma = 1.0;
    bool gamma_times_scale = true;
    TreeSpec trees = {};
};

/// "ridge", "logistic", "svm", "svr", "xgboost".
[[nodiscard]] std::string_view name_of(Kind kind);
[[nodiscard]] std::optional<Kind> kind_named(std::string_view name);

/// ridge and svr predict numbers, logistic and svm classes, xgboost either.
[[nodiscard]] bool suits(Kind kind, Task task);

/// "svr, rbf, C = 1, epsilon = 0.1, gamma = scale": the learner and what was set or left at its default.
[[nodiscard]] std::string described(const LearnerSpec& spec);

/// Throws Error (64) naming the hyperparameter and its value where one is out of range.
void check(const LearnerSpec& spec);

/// The grids of `candidates`, from the least flexible on.
inline constexpr std::array ridge_alphas{1000.0, 100.0, 10.0, 1.0, 0.1, 0.01, 0.001};
inline constexpr std::array linear_cs{0.001, 0.01, 0.1, 1.0, 10.0, 100.0};
inline constexpr std::array rbf_cs{0.1, 1.0, 10.0, 100.0};
inline constexpr std::array rbf_gammas_times_scale{0.1, 1.0, 10.0};
inline constexpr std::array<base::Index, 3> tree_depths{2, 4, 6};
inline constexpr std::array tree_etas{0.1, 0.3};

/// What an inner choice of hyperparameters tries, at most twelve, the least flexible first, so that of equals the first is
/// the simplest. Everything that is not in the grid stays as in `spec`. The defaults are among them.
[[nodiscard]] std::vector<LearnerSpec> candidates(const LearnerSpec& spec);

}  // namespace tare::learn
