// Can the covariates' effects be told from the sites' and from each other's? Says which columns are at fault.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "tare/stats/moments.hpp"

namespace tare::stats {

/// Throws Error (65) naming the columns when the design of one pattern of observed subjects has a constant
/// covariate, one that does not vary within any site, covariates that determine each other, or no residual degrees
/// of freedom. `feature` is named in the message where the pattern is not that of the whole cohort.
void check_design(const Design& design, const std::vector<SiteDesign>& sites, const std::string& feature);

/// The same for the covariates of the spread: rows × terms and the site of every row. Throws Error (65).
void check_scale_design(const Design& design, const Matrix<double>& codes, std::span<const Index> site, Index sites);

}  // namespace tare::stats
