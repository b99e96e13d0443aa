// The algebra on which everything rests (DESIGN section 1): per site and feature the centred moments n, c̄, ȳ, A, b, q.
// Two cohorts' moments merge exactly (Chan, Golub, LeVeque 1983), and the whole fit follows from them, never from rows.
#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "tare/compute/backend.hpp"
#include "tare/data/split.hpp"
#include "tare/stats/design.hpp"

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
    std::vector<std::string> features;
    std::vector<std::string> sites;    ///< sorted by bytes
    std::vector<Index> site_subjects;  ///< subjects of each site, whether or not a feature is observed
    Design design;
    /// Features with the same missing cells share a pattern: [pattern][site].
    std::vector<std::vector<SiteDesign>> patterns;
    std::vector<Index> pattern_of;  ///< per feature
    compute::FeatureMoments values;
    TrainingRecord training;

    [[nodiscard]] Index feature_count() const { return static_cast<Index>(features.size()); }
    [[nodiscard]] Index site_count() const { return static_cast<Index>(sites.size()); }
    /// Subjects of a site that have this feature.
    [[nodiscard]] double n(Index site, Index feature) const {
        return patterns[static_cast<std::size_t>(pattern_of[static_cast<std::size_t>(feature)])]
                       [static_cast<std::size_t>(site)]
                           .n;
    }
};

enum class KeepIds { yes, no };

/// The moments of the training rows; missing cells are left out feature by feature.
/// Throws Error (65) for a training row without a covariate.
[[nodiscard]] Moments moments_of(const data::TrainingSet& training, const compute::Backend& backend,
                                 KeepIds keep_ids = KeepIds::yes);

/// The moments of both cohorts together. Sites, features, columns and levels are matched by name.
/// Throws Error (65) when features or design columns differ, or when the same person is in both.
[[nodiscard]] Moments merge(const Moments& a, const Moments& b);

/// The sites whose n ≤ terms + 1, for some feature: there the moments give every person's values back to someone who
/// knows the covariates (solve XᵀY = b).
[[nodiscard]] std::vector<std::string> revealing_sites(const Moments& moments);

/// The sites where two features differ by so few missing cells (1 to terms + 1) that the difference of their designs gives
/// single persons' covariates back.
[[nodiscard]] std::vector<std::string> sites_with_revealing_gaps(const Moments& moments);

/// The hash by which a record knows a person: centres may number their people alike, so the site is part of it.
[[nodiscard]] std::string id_hash(const std::string& salt, const std::string& site, const std::string& id);

}  // namespace tare::stats
