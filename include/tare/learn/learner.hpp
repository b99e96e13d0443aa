// What the learners share: the task, the training targets, the predictions, and training as one call.
// A learner is made from training rows alone and keeps nothing but what it needs to predict.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "tare/base/matrix.hpp"
#include "tare/learn/learner_spec.hpp"

namespace tare::learn {

using base::Index;
using base::Matrix;

/// What the training rows are to be predicted as. A constant target of numbers is allowed, one class alone is not.
struct Targets {
    Task task = Task::regression;
    std::vector<double> values = {};  ///< regression: one finite number per row
    std::vector<Index> labels = {};   ///< classification: 0 … classes − 1 per row
    Index classes = 0;                ///< classification; a class without a training row is never predicted
};

/// One entry per row that was asked for.
struct Predictions {
    std::vector<double> values = {};  ///< regression
    std::vector<Index> labels = {};   ///< classification
    /// Classification: rows × classes; down a column, larger means more likely.
    /// The label is the largest of its row, but for three or more classes of `svm` with the kernel rbf: there it is the
    /// class with the most votes of one class against another, the first such where several have as many.
    Matrix<double> scores = {};
    bool scores_are_probabilities = false;  ///< then the scores of a row sum to 1, up to rounding
};

class Learner {
public:
    Learner() = default;
    Learner(const Learner&) = delete;
    Learner& operator=(const Learner&) = delete;
    virtual ~Learner() = default;

    /// A row's prediction depends on no other row. NaN is a missing cell. May be called from several threads at once.
    /// Throws Error (65) where a cell is infinite or the features are not as many as in training.
    [[nodiscard]] virtual Predictions predict(const Matrix<double>& x) const = 0;
};

/// Trains on all rows of `x` (rows × features, NaN where missing). The same input gives the same bytes whatever the threads,
/// the state of rand(), or what was trained before; `seed` matters only where the trees draw rows or features.
/// Missing cells become the feature's training mean, a feature without any training value counts as 0 everywhere; trees
/// take missing cells as they are.
/// Throws Error: 64 where the learner does not suit the task or a hyperparameter is out of range; 65 where there is nothing
/// to learn from (no row, no feature, one class), a value is infinite, or ridge with alpha = 0 has no unique answer.
[[nodiscard]] std::unique_ptr<const Learner> trained(const LearnerSpec& spec, const Matrix<double>& x,
                                                     const Targets& targets, std::uint64_t seed);

}  // namespace tare::learn
