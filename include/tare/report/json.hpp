// The report as JSON, for pipelines: every figure in full, under the names that facts.hpp gives them.
#pragma once

#include <string>

#include "tare/report/facts.hpp"

namespace tare::report {

/// One object; numbers in the shortest text that reads back to the same double, what cannot be told as null.
[[nodiscard]] std::string json(const Report& report);

}  // namespace tare::report
