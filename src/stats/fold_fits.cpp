// Fitting parts of a cohort in memory, and merging the moments of folds.
#include "tare/stats/fold_fits.hpp"

#include <algorithm>

#include "tare/base/error.hpp"

namespace tare::stats {
namespace {

/// The values of a cohort in memory, as they are harmonised.
class CohortRows {
public:
    CohortRows(const data::Cohort& cohort, const data::Features& features, Transform transform)
        : rows_(cohort.features.values), logarithms_(rows_, cohort, features, NotPositive::fault), transform_(transform) {}

    [[nodiscard]] data::RowSource& source() {
        if (transform_ == Transform::log) return logarithms_;
        return rows_;
    }

private:
    data::MatrixRows rows_;
    LogRows logarithms_;
    Transform transform_;
};

Moments moments_of_rows(const data::TrainingSet& training, const FitRequest& request, const compute::Backend& backend,
                        base::Log& log) {
    CohortRows values(training.cohort(), request.features, request.transform);
    const MomentsRequest what{learn_design(training, request.covariates, request.smooths), request.features,
                              Gaps::missing_cells, request.keep_ids};
    base::Workspace on_the_heap;
    Moments moments = moments_of(training, what, values.source(), backend, on_the_heap, log);
    moments.transform = request.transform;
    return moments;
}

/// Curves whose knots follow from the training rows have other terms in every fold.
bool merges(const FitRequest& request) {
    return !needs_rows(request.method) && request.smooths.empty();
}

data::TrainingSet rows_where(const data::TrainingSet& training, const std::vector<Index>& part_of, const auto& chosen) {
    std::vector<bool> trains(static_cast<std::size_t>(training.cohort().subjects()), false);
    for (std::size_t i = 0; i < part_of.size(); ++i)
        trains[static_cast<std::size_t>(training.rows()[i])] = chosen(part_of[i]);
    return data::split_cohort(training.cohort(), trains).training;
}

}  // namespace

CombatModel fit_rows(const data::TrainingSet& training, const FitRequest& request, const compute::Backend& backend,
                     base::Log& log) {
    const Moments moments = moments_of_rows(training, request, backend, log);
    if (!needs_rows(request.method)) return fit(moments, request.method, backend, log);
    CohortRows values(training.cohort(), request.features, request.transform);
    const Design spread = learn_design(training, request.scale_covariates, {});
    base::Workspace on_the_heap;
    TrainingRows rows = training_rows(training, moments, spread, values.source(), on_the_heap, log);
    return fit(moments, request.method, backend, on_the_heap, log, &rows, spread);
}

FoldFits::FoldFits(data::TrainingSet training, std::vector<Index> part_of, Index parts, FitRequest request,
                   const compute::Backend& backend)
    : training_(std::move(training)), part_of_(std::move(part_of)), request_(std::move(request)) {
    if (!merges(request_)) return;
    base::SilentLog silent;
    for (Index part = 0; part < parts; ++part) {
        moments_.emplace_back();
        if (std::find(part_of_.begin(), part_of_.end(), part) == part_of_.end()) continue;
        const data::TrainingSet own = rows_where(training_, part_of_, [&](Index p) { return p == part; });
        moments_.back() = moments_of_rows(own, request_, backend, silent);
    }
}

CombatModel FoldFits::without(Index part, const compute::Backend& backend, base::Log& log) const {
    if (!from_moments()) {
        return fit_rows(rows_where(training_, part_of_, [&](Index p) { return p != part; }), request_, backend, log);
    }
    std::optional<Moments> others;
    for (std::size_t p = 0; p < moments_.size(); ++p) {
        if (static_cast<Index>(p) == part || !moments_[p]) continue;
        others = others ? merge(*others, *moments_[p]) : *moments_[p];
    }
    if (!others) throw base::degenerate("no training row is left beside the rows of one fold");
    return fit(*others, request_.method, backend, log);
}

}  // namespace tare::stats
