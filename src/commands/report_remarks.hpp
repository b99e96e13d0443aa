// Remarks on what became of the values: scales, slopes, cells and features that the two tables do not share.
#pragma once

#include <string>
#include <vector>

#include "tare/report/facts.hpp"

namespace tare::commands {

/// Adds a remark on everything that harmonising should not have done, and on a model that does not fit the tables.
void remark_on_comparison(const report::Report& report, std::vector<std::string>& out);

}  // namespace tare::commands
