// What is pretended, and how the predictions of all that was pretended become one.
#include "pretend_target.hpp"

#include <algorithm>
#include <limits>
#include <set>

namespace tare::learn {

PretendedValues pretended_values(const data::Covariate& target, std::span<const Index> training, Task task) {
    constexpr std::size_t numbers_tried = 10;
    PretendedValues out;
    if (target.categorical) {
        std::set<std::string> levels;
        for (const Index row : training) levels.insert(target.levels[static_cast<std::size_t>(row)]);
        out.levels.assign(levels.begin(), levels.end());
        return out;
    }
    if (task == Task::classification) {
        std::set<double> classes;
        for (const Index row : training) classes.insert(target.numbers[static_cast<std::size_t>(row)]);
        out.numbers.assign(classes.begin(), classes.end());
        return out;
    }
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const Index row : training) {
        low = std::min(low, target.numbers[static_cast<std::size_t>(row)]);
        high = std::max(high, target.numbers[static_cast<std::size_t>(row)]);
    }
    for (std::size_t i = 0; i < numbers_tried; ++i)
        out.numbers.push_back(low + (high - low) * static_cast<double>(i) / static_cast<double>(numbers_tried - 1));
    return out;
}

data::Cohort with_target(const data::Cohort& cohort, const std::string& target, const PretendedValues& values,
                         std::size_t number) {
    data::Cohort people = cohort.seen_by(0);
    for (data::Covariate& covariate : people.covariates) {
        if (covariate.name != target) continue;
        if (covariate.categorical) {
            std::fill(covariate.levels.begin(), covariate.levels.end(), values.levels[number]);
        } else {
            std::fill(covariate.numbers.begin(), covariate.numbers.end(), values.numbers[number]);
        }
    }
    return people;
}

std::vector<double> stacked_score(const Predictions& predictions, Index of_class) {
    if (!predictions.values.empty()) return predictions.values;
    std::vector<double> own(static_cast<std::size_t>(predictions.scores.rows()));
    for (std::size_t i = 0; i < own.size(); ++i) own[i] = predictions.scores(static_cast<Index>(i), of_class);
    return own;
}

LearnerSpec stacking_learner(Task task) {
    LearnerSpec spec;
    spec.kind = task == Task::regression ? Kind::ridge : Kind::logistic;
    return spec;
}

}  // namespace tare::learn
