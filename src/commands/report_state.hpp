// What a report says of one table: tests between sites, shares of variance, slopes, boxes, components, correlations, curves.
#pragma once

#include <span>
#include <vector>

#include "tare/base/matrix.hpp"
#include "tare/report/facts.hpp"
#include "tare/stats/site_regression.hpp"

namespace tare::commands {

/// The people of both tables, coded.
struct ReportPeople {
    base::Matrix<double> codes;        ///< people × columns: one for a line or a level, several for a curve
    std::vector<base::Index> widths;   ///< columns of each term
    base::Matrix<double> lines;        ///< people × terms: the same with straight lines in place of curves
    std::vector<base::Index> site_of;  ///< per person
    base::Index sites = 0;
};

/// The regression of values on the covariates, curves as curves; but what has no slope, as it is none, has that of a line.
[[nodiscard]] stats::FeatureRegression regression_of(const ReportPeople& people, const std::vector<double>& values);

/// Fills everything of `state` but the test of all features together, which looks at the cells that both tables have, and
/// but correlation and curves, which need to know which features to show.
void fill_state(const ReportPeople& people, const base::Matrix<double>& values, int threads, report::State& state);

/// The test of all features together, of the same people and features on both sides: a cell that is missing in one of them
/// is missing in both, and so is a feature that does not vary in one.
void fill_together(const ReportPeople& people, const base::Matrix<double>& before, const base::Matrix<double>& after,
                   report::Report& report);

/// Correlations of the values less the covariates' part, and curves along age: of the features that `report` names.
void fill_shown(const ReportPeople& people, const report::Report& report, const base::Matrix<double>& values, int threads,
                report::State& state);

/// Per term: the slope of the mean of all features in SDs of `before`: before, after, and the difference.
[[nodiscard]] std::vector<std::array<report::Slope, 3>> mean_slopes(const ReportPeople& people,
                                                                    const base::Matrix<double>& before,
                                                                    const base::Matrix<double>& after);

}  // namespace tare::commands
