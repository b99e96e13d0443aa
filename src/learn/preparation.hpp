// What training rows say about features before any learner sees them: means that stand in for missing cells, the centre,
// and where asked for the scale. Applied the same way to every later row.
#pragma once

#include <Eigen/Core>
#include <span>
#include <vector>

#include "tare/base/matrix.hpp"

namespace tare::learn {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Throws Error (65) where a cell of x is beyond ±largest, naming its row and column; NaN is allowed.
void check_cells(const base::Matrix<double>& x, double largest);

class Preparation {
public:
    /// From training rows; centring is exact for every learner with an intercept and spares rounding.
    Preparation(const base::Matrix<double>& x, bool standardise);

    [[nodiscard]] base::Index features() const noexcept { return static_cast<base::Index>(means_.size()); }

    /// Writes (value − mean) × factor; 0 where the cell is missing or the feature has no training value.
    void prepare(std::span<const double> row, double* out) const;
    [[nodiscard]] Rows prepared(const base::Matrix<double>& x) const;

    /// The variance of all training cells together, filled in, scaled if asked for, but not centred by feature (n in the
    /// denominator): what the kernel's 'scale' is made of.
    [[nodiscard]] double variance_of_all_cells() const noexcept { return variance_of_all_cells_; }

    /// Throws Error (65) where x has other columns or an infinite cell.
    void check_new_rows(const base::Matrix<double>& x) const;

private:
    std::vector<double> means_;
    std::vector<double> factors_;
    double variance_of_all_cells_ = 0.0;
};

/// Throws Error (65) where the columns differ.
void check_columns(const base::Matrix<double>& x, base::Index trained_on);

}  // namespace tare::learn
