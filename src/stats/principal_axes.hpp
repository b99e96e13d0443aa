// The principal axes of residuals, for CovBat (Chen et al. 2022): found once over all subjects, kept in the model, and
// then used row by row. Neither the shape of the algorithm nor the number of threads shows in the result.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "tare/base/log.hpp"
#include "tare/base/matrix.hpp"
#include "tare/base/workspace.hpp"

namespace tare::stats {

struct AxesRequest {
    std::optional<base::Index> components;  ///< so many, or else …
    double explained = 0.95;                ///< … the fewest whose share of the variance is greater than this
    bool scaled = true;                     ///< of correlations, else of covariances
};

struct PrincipalAxes {
    std::vector<double> centre;    ///< features: column means (0 where a column has no value)
    std::vector<double> scale;     ///< features: n−1 SD of each column; 1 where not scaled or where the column is constant
    base::Matrix<double> axes;     ///< components × features: unit length, the loading of largest magnitude positive
    std::vector<double> variance;  ///< of all components that have one, descending (n−1 divisor)
};

/// The axes of `residuals` (subjects × features). A missing (NaN) cell counts as the mean of its column; a constant column
/// takes no part. Holds a strip of the residuals (64 MiB) and a square matrix of the shorter side; residuals that are
/// in a file are let go on the way. Throws Error (64) for a request below one component, Error (65) where nothing varies,
/// where a value is infinite, or where there are fewer components than requested.
[[nodiscard]] PrincipalAxes principal_axes(const base::Matrix<double>& residuals, const AxesRequest& request, int threads,
                                           base::Workspace& workspace, base::Log& log);

/// The scores Σ_f axes(k,f)·(r_f − centre_f)/scale_f of one or several consecutive rows of residuals: rows × components.
/// Missing cells contribute nothing. A row's scores do not depend on the rows beside it.
[[nodiscard]] std::vector<double> scores_of(const PrincipalAxes& axes, std::span<const double> rows, int threads = 1);

/// Adds Σ_k change_k·axes(k,f)·scale_f to one or several consecutive rows; `change` is rows × components.
void add_components(const PrincipalAxes& axes, std::span<const double> change, std::span<double> rows, int threads = 1);

}  // namespace tare::stats
