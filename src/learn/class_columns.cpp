// Scores of two classes are a margin and its opposite; of more, one margin each; probabilities are the logistic curve's,
// for more than two classes divided by their sum.
#include "class_columns.hpp"

#include <algorithm>
#include <cmath>

namespace tare::learn {

namespace {

/// log(1 / (1 + exp(−x))), without overflow.
double log_sigmoid(double x) {
    return x >= 0 ? -std::log1p(std::exp(-x)) : x - std::log1p(std::exp(x));
}

}  // namespace

std::vector<Index> classes_present(const Targets& targets) {
    std::vector<bool> seen(static_cast<std::size_t>(targets.classes), false);
    for (const Index label : targets.labels) seen[static_cast<std::size_t>(label)] = true;
    std::vector<Index> present;
    for (std::size_t c = 0; c < seen.size(); ++c) {
        if (seen[c]) present.push_back(static_cast<Index>(c));
    }
    return present;
}

void ClassColumns::fill(std::span<const double> margins, std::span<double> scores) const {
    std::ranges::fill(scores, logistic ? 0.0 : absent_margin);
    const auto column = [&](std::size_t i) -> double& { return scores[static_cast<std::size_t>(present[i])]; };
    if (present.size() == 2) {
        column(0) = logistic ? std::exp(log_sigmoid(-margins[0])) : -margins[0];
        column(1) = logistic ? std::exp(log_sigmoid(margins[0])) : margins[0];
        return;
    }
    if (!logistic) {
        for (std::size_t i = 0; i < present.size(); ++i) column(i) = margins[i];
        return;
    }
    // In logarithms: far from every class each curve alone would be zero.
    const double best = log_sigmoid(std::ranges::max(margins));
    double sum = 0.0;
    for (std::size_t i = 0; i < present.size(); ++i) sum += column(i) = std::exp(log_sigmoid(margins[i]) - best);
    for (std::size_t i = 0; i < present.size(); ++i) column(i) /= sum;
}

Index largest(std::span<const double> scores) {
    return std::ranges::max_element(scores) - scores.begin();
}

}  // namespace tare::learn
