// How covariates become numbers: which columns, which levels, in which order. Learned from training rows and kept with
// the model, so that new data are coded by name and level and never by what they happen to hold.
#pragma once

#include <Eigen/Core>
#include <span>
#include <string>
#include <vector>

#include "tare/base/log.hpp"
#include "tare/data/split.hpp"

namespace tare::stats {

using base::Index;
using base::Matrix;

struct DesignColumn {
    std::string name;
    bool categorical = false;
    std::vector<std::string> levels = {};  ///< categorical: sorted (as numbers if all are), the first is the base
    double low = 0.0, high = 0.0;          ///< numeric: the range in the training rows

    friend bool operator==(const DesignColumn&, const DesignColumn&) = default;
};

struct Design {
    std::vector<DesignColumn> columns;

    /// One name per coded term: "age" for a number, "sex=M" for every level but the base.
    [[nodiscard]] std::vector<std::string> terms() const;
    [[nodiscard]] Index term_count() const;
    friend bool operator==(const Design&, const Design&) = default;
};

/// The design of the cohort's covariates, with the levels that occur in the training rows.
[[nodiscard]] Design learn_design(const data::TrainingSet& training);

/// Treatment coding of the given rows: subjects × terms (other rows are zero).
/// Throws Error (65) with FILE:LINE for a missing covariate or a level the design does not know.
[[nodiscard]] Matrix<double> code_covariates(const Design& design, const data::Cohort& cohort, std::span<const Index> rows);

/// Says in `log`, once for each covariate, how many of the rows lie outside the range that the design was learned on.
void warn_of_extrapolation(const Design& design, const data::Cohort& cohort, std::span<const Index> rows, base::Log& log);

/// The affine map c_new = map · c_old + shift from the coding of one design to that of another.
struct Recoding {
    Eigen::MatrixXd map;    ///< new terms × old terms
    Eigen::VectorXd shift;  ///< new terms
};

/// The design with the same columns, and the levels and ranges of both. Throws Error (65) when columns differ in name or
/// kind.
[[nodiscard]] Design united(const Design& a, const Design& b);

/// How values coded by `from` are coded by `to`, which has the same columns and at least the same levels.
[[nodiscard]] Recoding recoding(const Design& from, const Design& to);

}  // namespace tare::stats
