// Rows of values that lie anywhere in memory, in single or double precision: what readers hand to kernels without
// copying. All rows are equally long; who holds the memory says how long the pointers live.
#pragma once

#include <variant>
#include <vector>

namespace tare::base {

using RowPointers = std::variant<std::vector<const float*>, std::vector<const double*>>;
using WritableRows = std::variant<std::vector<float*>, std::vector<double*>>;

}  // namespace tare::base
