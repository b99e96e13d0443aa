// The measured values of a cohort: subjects × features, row-major, NaN where a cell is missing.
#pragma once

#include <string>
#include <vector>

#include "tare/base/matrix.hpp"

namespace tare::data {

using base::Index;
using base::Matrix;

struct FeatureTable {
    std::vector<std::string> names;  ///< one per column
    Matrix<double> values;           ///< subjects × features

    [[nodiscard]] Index subjects() const noexcept { return values.rows(); }
    [[nodiscard]] Index features() const noexcept { return static_cast<Index>(names.size()); }
};

}  // namespace tare::data
