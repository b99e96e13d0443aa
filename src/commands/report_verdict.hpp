// The five sentences at the top of a report, and what limits them.
#pragma once

#include <string>
#include <vector>

#include "tare/report/facts.hpp"

namespace tare::commands {

/// Was there a site effect, is it gone, are the spreads alike, is the biology still there, on whom does this rest.
[[nodiscard]] std::vector<std::string> verdict_of(const report::Report& report);

[[nodiscard]] std::vector<std::string> remarks_of(const report::Report& report);

}  // namespace tare::commands
