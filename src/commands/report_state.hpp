// What a report says of one table: tests between sites, shares of variance, slopes, boxes, components, correlations, curves.
#pragma once

#include <span>
#include <vector>

#include "tare/base/matrix.hpp"
#include "tare/report/facts.hpp"

namespace tare::commands {

/// The people of both tables, coded.
struct ReportPeople {
    base::Matrix<double> codes;        ///< people × columns: one for a line or a level, several for a curve
    std::vector<base::Index> widths;   ///< columns of each term
    base::Matrix<double> lines;        ///< people × terms: the same with straight lines in place of curves
    std::vector<base::Index> site_of;  ///< per person
    base::Index sites = 0;
};

/// Fills everything of `state` but correlation and curves, which need to know which features to show.
void fill_state(const ReportPeople& people, const base::Matrix<double>& values, int threads, report::State& state);

/// Correlations of the values less the covariates' part, and curves along age: of the features that `report` names.
void fill_shown(const ReportPeople& people, const report::Report& report, const base::Matrix<double>& values, int threads,
                report::State& state);

/// Per term: the slope of the mean of all features in SDs of `before`: before, after, and the difference.
[[nodiscard]] std::vector<std::array<report::Slope, 3>> mean_slopes(const ReportPeople& people,
                                                                    const base::Matrix<double>& before,
                                                                    const base::Matrix<double>& after);

}  // namespace tare::commands
