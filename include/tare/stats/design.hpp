// How covariates become numbers: which columns, which levels, in which order. Learned from training rows and kept with
// the model, so that new data are coded by name and level and never by what they happen to hold.
#pragma once

#include <Eigen/Core>
#include <span>
#include <string>
#include <vector>

#include "tare/base/log.hpp"
#include "tare/data/split.hpp"
#include "tare/stats/spline.hpp"

namespace tare::stats {

using base::Matrix;

struct DesignColumn {
    std::string name;
    bool categorical = false;
    std::vector<std::string> levels = {};  ///< categorical: sorted (as numbers if all are), the first is the base
    double low = 0.0, high = 0.0;          ///< numeric: the range in the training rows
    std::optional<Spline> spline = {};     ///< numeric: a smooth curve in place of a straight line

    friend bool operator==(const DesignColumn&, const DesignColumn&) = default;
};

/// Where a curve stands among the coded terms.
struct SmoothTerm {
    std::string name;  ///< of the covariate
    Index first = 0;
    Spline spline;
};

struct Design {
    std::vector<DesignColumn> columns;

    /// One name per coded term: "age" for a number, "sex=M" for every level but the base, "age.1" to "age.9" for a curve.
    [[nodiscard]] std::vector<std::string> terms() const;
    [[nodiscard]] Index term_count() const;
    /// The curves, and the position of the first term of each.
    [[nodiscard]] std::vector<SmoothTerm> smooth_terms() const;
    friend bool operator==(const Design&, const Design&) = default;
};

/// A covariate that enters as a curve.
struct SmoothRequest {
    std::string name;
    Index size = 10;                                       ///< k
    std::optional<double> lambda = {};                     ///< else by REML
    std::optional<std::pair<double, double>> bounds = {};  ///< else the range of the training rows
};

/// The design of the cohort's covariates that are named, with the levels that occur in the training rows.
[[nodiscard]] Design learn_design(const data::TrainingSet& training, std::span<const std::string> names,
                                  std::span<const SmoothRequest> smooths);
/// The same for all covariates. Throws Error (65) where a curve is asked for of a covariate that is no number or has one
/// value only.
[[nodiscard]] Design learn_design(const data::TrainingSet& training, std::span<const SmoothRequest> smooths = {});

/// Covariates whose values stay unknown: their codes are the means of the training rows'.
struct HeldOut {
    std::vector<std::string> names = {};
    std::vector<double> mean = {};  ///< terms
    [[nodiscard]] bool has(const std::string& name) const;
};

/// Treatment coding of the given rows: subjects × terms (other rows are zero).
/// Throws Error (65) with FILE:LINE for a missing covariate or a level the design does not know.
[[nodiscard]] Matrix<double> code_covariates(const Design& design, const data::Cohort& cohort, std::span<const Index> rows,
                                             const HeldOut& held_out = {});

/// Says in `log`, once for each covariate, how many of the rows lie outside the range that the design was learned on, or
/// outside the knots of its curve.
void warn_of_extrapolation(const Design& design, const data::Cohort& cohort, std::span<const Index> rows, base::Log& log,
                           std::span<const std::string> held_out = {});

/// The affine map c_new = map · c_old + shift from the coding of one design to that of another.
struct Recoding {
    Eigen::MatrixXd map;    ///< new terms × old terms
    Eigen::VectorXd shift;  ///< new terms
};

/// The design with the same columns, and the levels and ranges of both. Throws Error (65) when columns differ in name or
/// kind, or curves in their knots.
[[nodiscard]] Design united(const Design& a, const Design& b);

/// How values coded by `from` are coded by `to`, which has the same columns and at least the same levels.
[[nodiscard]] Recoding recoding(const Design& from, const Design& to);

}  // namespace tare::stats
