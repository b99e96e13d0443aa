// From decision values of the classes that were trained to one score for every class there is.
#pragma once

#include <span>
#include <vector>

#include "tare/learn/learner.hpp"

namespace tare::learn {

/// The score of a class without a training row: what a machine that learned "nobody is one" says, and no probability.
inline constexpr double absent_margin = -1.0;

/// The classes that have training rows, ascending.
[[nodiscard]] std::vector<Index> classes_present(const Targets& targets);

/// How the margins of the classes present become scores.
struct ClassColumns {
    std::vector<Index> present;  ///< at least two
    Index classes = 0;           ///< columns of the scores
    bool logistic = false;       ///< scores are probabilities

    /// One margin for two classes (above 0: the second), else one for each.
    [[nodiscard]] std::size_t margins() const noexcept { return present.size() == 2 ? 1 : present.size(); }
    /// Fills a row of scores.
    void fill(std::span<const double> margins, std::span<double> scores) const;
};

/// The first class with the largest score.
[[nodiscard]] Index largest(std::span<const double> scores);

}  // namespace tare::learn
