// Do sites differ in all features together, beyond the covariates?
#pragma once

#include <span>
#include <string>

#include "tare/base/matrix.hpp"

namespace tare::stats {

using base::Index;
using base::Matrix;

enum class MultivariateKind { manova, mdmr };

struct MultivariateTest {
    MultivariateKind kind = MultivariateKind::mdmr;
    Index people = 0, features = 0;  ///< that took part
    double statistic;                ///< MANOVA: Pillai's trace; MDMR: the pseudo-F
    double p;
    double effect;  ///< MANOVA: Pillai's trace by its largest possible value; MDMR: the share of squared distances (R²)
};

/// Of the features that at least nine of ten people have, or all where there are none, each standardised; of the people
/// without gaps in them, or all where these are fewer than nine of ten: then a gap counts as its feature's mean. With at
/// least two people to spare for every feature: multivariate analysis of variance by Pillai's trace, with its approximate F.
/// Else distances between people (MDMR, Euclidean), with p by Dempster's (1958) F for many features. `codes`: people ×
/// terms, without gaps; `site`: a number from 0 per person. Not a number for fewer than two sites, or without people to
/// spare.
[[nodiscard]] MultivariateTest multivariate_site_test(const Matrix<double>& values, const Matrix<double>& codes,
                                                      std::span<const Index> site, Index sites);

}  // namespace tare::stats
