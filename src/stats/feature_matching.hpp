// Features of new data and of a model, matched by name.
#pragma once

#include <string>
#include <vector>

#include "tare/data/features.hpp"

namespace tare::stats {

/// The model's position of every feature of the sample. Columns of tables are matched by name; voxels and columns of
/// matrices must be the model's own. Throws Error (65); `source` names the sample.
[[nodiscard]] std::vector<base::Index> match_features(const data::Features& model, const data::Features& sample,
                                                      const std::string& source);

}  // namespace tare::stats
