// How sure the correction of a site is, and how many more of its subjects would make it twice as sure.
#pragma once

#include <string>
#include <vector>

#include "tare/stats/combat.hpp"

namespace tare::stats {

/// Of the features whose effect is estimated at the site. Standard errors are the square roots of the posterior variances in
/// the model: given α, β and σ², whose own uncertainty is shared by all sites.
struct SiteUncertainty {
    std::string site;
    Index n = 0;                 ///< training subjects
    Index features = 0;          ///< that are adjusted here
    double location = 0.0;       ///< median standard error of γ*, in SDs of a feature; NaN where there is none
    double location_most = 0.0;  ///< 90 % of the features lie below
    double scale = 0.0;          ///< median relative standard error of √δ*; NaN where δ is not estimated
    double scale_most = 0.0;     ///< 90 % of the features lie below
    double more_subjects = 0.0;  ///< so many more halve the standard error of γ* of the median feature; NaN where none
};

/// For every site: the standard error of γ* is √(τ²δ*/(nτ² + δ*)), which halves at 3(n + δ*/τ²) more subjects; without a
/// prior √(δ*/n), which halves at 3n more. The site that is the reference, and sites where nothing is adjusted, have
/// features = 0.
[[nodiscard]] std::vector<SiteUncertainty> site_uncertainties(const CombatModel& model);

}  // namespace tare::stats
