// Pretended targets (PrettYharmonize, Nieto et al. 2024, arXiv 2410.19643): where the target is a covariate of the
// harmonisation, a person whose target is unknown is harmonised once for every value it might have.
#pragma once

#include <functional>

#include "tare/learn/learner.hpp"
#include "tare/stats/combat.hpp"

namespace tare::learn {

/// The values to pretend: every class, or ten equally spaced numbers from the least to the largest of the training rows.
struct PretendedValues {
    std::vector<double> numbers;      ///< of a covariate of numbers
    std::vector<std::string> levels;  ///< of a categorical one

    [[nodiscard]] std::size_t count() const { return numbers.size() + levels.size(); }
};
[[nodiscard]] PretendedValues pretended_values(const data::Covariate& target, std::span<const Index> training, Task task);

/// The people of a cohort, without their features, whose target is all the same.
[[nodiscard]] data::Cohort with_target(const data::Cohort& cohort, const std::string& target, const PretendedValues& values,
                                       std::size_t number);

/// One number per row, for the stacked learner: the predicted number, or the score of this class.
[[nodiscard]] std::vector<double> stacked_score(const Predictions& predictions, Index of_class);

/// The learner that makes a prediction of the scores: logistic regression, or ridge for numbers.
[[nodiscard]] LearnerSpec stacking_learner(Task task);

}  // namespace tare::learn
