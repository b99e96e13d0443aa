// The algebra on which everything rests (DESIGN section 1): per site and feature the centred moments n, c̄, ȳ, A, b, q.
// Two cohorts' moments merge exactly (Chan, Golub, LeVeque 1983), and the whole fit follows from them, never from rows.
#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "tare/base/log.hpp"
#include "tare/base/workspace.hpp"
#include "tare/compute/backend.hpp"
#include "tare/data/features.hpp"
#include "tare/data/row_source.hpp"
#include "tare/data/split.hpp"
#include "tare/stats/design.hpp"
#include "tare/stats/transform.hpp"

namespace tare::stats {

/// The covariates' moments of one site, over the subjects that some group of features is observed on.
struct SiteDesign {
    double n = 0.0;
    Eigen::VectorXd covariate_mean;  ///< c̄: terms
    Eigen::MatrixXd scatter;         ///< A = Σ(c−c̄)(c−c̄)ᵀ: terms × terms
};

/// Who took part, without saying who: for the question whether a person was trained on.
struct TrainingRecord {
    Index n = 0;
    std::string salt;                    ///< follows from the features, so that parts of one study share it
    std::vector<std::string> id_hashes;  ///< sorted; empty if they were not to be kept
};

struct Moments {
    data::Features features;
    std::vector<std::string> sites;    ///< sorted by bytes
    std::vector<Index> site_subjects;  ///< subjects of each site, whether or not a feature is observed
    Design design;
    /// Features with the same missing cells share a pattern: [pattern][site].
    std::vector<std::vector<SiteDesign>> patterns;
    std::vector<Index> pattern_of;  ///< per feature
    compute::FeatureMoments values;
    TrainingRecord training;
    Transform transform = Transform::none;  ///< of the values before anything else

    [[nodiscard]] Index feature_count() const { return features.count(); }
    [[nodiscard]] Index site_count() const { return static_cast<Index>(sites.size()); }
    /// Subjects of a site that have this feature.
    [[nodiscard]] double n(Index site, Index feature) const {
        return patterns[static_cast<std::size_t>(pattern_of[static_cast<std::size_t>(feature)])]
                       [static_cast<std::size_t>(site)]
                           .n;
    }
};

enum class KeepIds { yes, no };

/// What a value that is not a number means.
enum class Gaps {
    missing_cells,   ///< the subject takes no part in that feature
    spoil_features,  ///< the feature's moments are not finite, and it is for the caller to leave it out
};

struct MomentsRequest {
    Design design;  ///< of the whole cohort, of which the training rows may be a part
    data::Features features;
    Gaps gaps = Gaps::missing_cells;
    KeepIds keep_ids = KeepIds::yes;
};

/// The moments of the training rows, whose values come from `source`. The result does not depend on how many rows the source
/// gives at once. Throws Error (65) for a training row without a covariate, and whatever the source throws.
[[nodiscard]] Moments moments_of(const data::TrainingSet& training, const MomentsRequest& request, data::RowSource& source,
                                 const compute::Backend& backend, base::Workspace& workspace, base::Log& log);

/// The same for a cohort whose values are in memory.
[[nodiscard]] Moments moments_of(const data::TrainingSet& training, const compute::Backend& backend,
                                 KeepIds keep_ids = KeepIds::yes);

/// The features at these positions, ascending. Matrices that have no room in the workspace go to files.
[[nodiscard]] Moments selected(const Moments& moments, std::span<const Index> features, base::Workspace& workspace);

/// The moments of both cohorts together. Sites, features, columns and levels are matched by name.
/// Throws Error (65) when features or design columns differ, or when the same person is in both.
[[nodiscard]] Moments merge(const Moments& a, const Moments& b, base::Workspace& workspace);
[[nodiscard]] inline Moments merge(const Moments& a, const Moments& b) {
    base::Workspace on_the_heap;
    return merge(a, b, on_the_heap);
}

/// The sites whose n ≤ terms + 1, for some feature: there the moments give every person's values back to someone who
/// knows the covariates (solve XᵀY = b).
[[nodiscard]] std::vector<std::string> revealing_sites(const Moments& moments);

/// The sites where two features differ by so few missing cells (1 to terms + 1) that the difference of their designs gives
/// single persons' covariates back.
[[nodiscard]] std::vector<std::string> sites_with_revealing_gaps(const Moments& moments);

/// The hash by which a record knows a person: centres may number their people alike, so the site is part of it.
[[nodiscard]] std::string id_hash(const std::string& salt, const std::string& site, const std::string& id);

/// The rows that the record knows: those of people who were trained on. None where it keeps no ids, or the cohort has none.
[[nodiscard]] std::vector<Index> rows_trained_on(const TrainingRecord& record, const data::Cohort& cohort,
                                                 std::span<const Index> rows);

}  // namespace tare::stats
