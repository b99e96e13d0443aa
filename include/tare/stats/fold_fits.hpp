// Models of a cohort's parts: what is fitted, said once, and fitted on the rows of any training set whose values are in
// memory; for the folds of a cross-validation from each fold's own moments, which are merged (DESIGN section 1), never
// subtracted, so that nothing of a held-out row can reach a model.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tare/stats/combat.hpp"

namespace tare::stats {

/// A fit without its rows.
struct FitRequest {
    data::Features features = {};  ///< of the values in memory
    CombatOptions method = {};
    std::vector<std::string> covariates = {};  ///< of the mean, in the order of the design
    std::vector<SmoothRequest> smooths = {};   ///< those of them that are curves
    std::vector<std::string> scale_covariates = {};
    Transform transform = Transform::none;
    KeepIds keep_ids = KeepIds::yes;
};

/// The model of the training rows, from values in memory. Throws Error (65) like learn_design, moments_of and fit.
[[nodiscard]] CombatModel fit_rows(const data::TrainingSet& training, const FitRequest& request,
                                   const compute::Backend& backend, base::Log& log);

/// The models of a partition of the training rows: each is fitted on all parts but one.
class FoldFits {
public:
    /// `part_of`: per training row its part, 0 to parts − 1. Where the method follows from moments, and there is no curve,
    /// whose knots would follow from the training rows, every row is read once here. The cohort must outlive this. Throws
    /// Error (65).
    FoldFits(data::TrainingSet training, std::vector<Index> part_of, Index parts, FitRequest request,
             const compute::Backend& backend);

    /// The model of all parts but this one. Its bytes do not depend on the rows of the part. Throws Error (65).
    [[nodiscard]] CombatModel without(Index part, const compute::Backend& backend, base::Log& log) const;

    /// True where models are fitted from merged moments.
    [[nodiscard]] bool from_moments() const noexcept { return !moments_.empty(); }

private:
    data::TrainingSet training_;
    std::vector<Index> part_of_;
    FitRequest request_;
    std::vector<std::optional<Moments>> moments_;  ///< per part; none where it is empty
};

}  // namespace tare::stats
