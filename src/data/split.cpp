// The two ways to a TrainingSet.
#include "tare/data/split.hpp"

#include <numeric>

#include "tare/base/error.hpp"

namespace tare::data {

TrainingSet TrainingSet::all(const Cohort& cohort) {
    std::vector<Index> rows(cohort.ids.size());
    std::iota(rows.begin(), rows.end(), Index{0});
    return {cohort, std::move(rows)};
}

Split split_cohort(const Cohort& cohort, const std::vector<bool>& trains) {
    std::vector<Index> training, held_out;
    for (Index i = 0; i < cohort.subjects(); ++i) {
        (trains[static_cast<std::size_t>(i)] ? training : held_out).push_back(i);
    }
    if (training.empty()) {
        throw base::degenerate(cohort.source + ": no row is left to train on", "look at the condition of --train-where");
    }
    return {TrainingSet(cohort, std::move(training)), std::move(held_out)};
}

}  // namespace tare::data
