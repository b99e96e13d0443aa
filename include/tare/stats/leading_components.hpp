// The first principal components of many features, for a picture: by Lanczos's algorithm where the square matrix of all of
// them would be large.
#pragma once

#include <vector>

#include "tare/base/matrix.hpp"

namespace tare::stats {

using base::Index;
using base::Matrix;

struct LeadingComponents {
    Matrix<double> scores;      ///< people × count; zeros where there are fewer components
    std::vector<double> share;  ///< of the variance of the standardised features
};

/// Of features that are standardised; a missing (NaN) cell counts as its feature's mean, a feature that does not vary takes
/// no part. Each component's largest loading is positive.
[[nodiscard]] LeadingComponents leading_components(const Matrix<double>& values, Index count);

}  // namespace tare::stats
