// Which columns of a table are features: named by exact names and globs, or by default every column that has no
// other role (and, as the reader finds out, holds numbers).
#pragma once

#include <string>
#include <vector>

namespace tare::data {

struct FeatureChoice {
    std::vector<std::string> features;  ///< names or globs; empty: every column without another role
    std::vector<std::string> exclude;   ///< names or globs
    std::vector<std::string> reserved;  ///< columns with another role: id, session, site, covariates, conditions
};

/// Per column of `header`: is it chosen? Globs pass over reserved and blank names.
/// Throws Error (65): a name or glob that matches no column, a feature named that is reserved, nothing left.
[[nodiscard]] std::vector<bool> choose_features(const std::vector<std::string>& header, const FeatureChoice& choice);

/// The names that, as words, hardly are measurements ("age", "Sex", "timepoint"): for a warning where they were taken for
/// features only because they hold numbers.
[[nodiscard]] std::vector<std::string> unlikely_features(const std::vector<std::string>& names);

}  // namespace tare::data
