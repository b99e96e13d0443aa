// One feature on covariates and sites by least squares: is there a difference between sites beyond the covariates, how large
// are the covariates' slopes within sites, and what share of the variance has each.
#pragma once

#include <span>
#include <vector>

#include "tare/base/matrix.hpp"

namespace tare::stats {

using base::Index;
using base::Matrix;

struct SlopeInterval {
    double estimate, low, high;  ///< 95 %, by Student's t; not a number where the term is confounded
};

struct FeatureRegression {
    Index n = 0;                        ///< people with a value
    Index sites = 0;                    ///< that have one
    double f, p;                        ///< of the sites, given the covariates
    double partial;                     ///< partial η²: of what the covariates leave, the share of the sites
    double site_share, rest_share;      ///< of the variance: of the sites given the covariates (type II; not a number where
                                        ///< the covariates tell all that the sites do), and unexplained
    std::vector<double> term_shares;    ///< of each term given the sites and the other terms
    std::vector<SlopeInterval> slopes;  ///< of each term; not a number where it is of several columns
    double spare;                       ///< people beyond sites and columns: the degrees of freedom that are left
    /// Per person, NaN where missing: less the covariates' part by slopes within sites, sites' differences kept.
    std::vector<double> adjusted;
    /// Less the sites' part as well.
    std::vector<double> residuals;
    /// What the covariates leave where sites are not told apart. If sites do not differ these are alike between them,
    /// however the covariates lie; `adjusted` are not, as the error of its slopes moves sites apart whose covariates differ.
    std::vector<double> pooled_residuals;
};

class SiteRegression {
public:
    /// `codes`: people × columns, without gaps. `site` is a number from 0 per person. `widths`: how many columns each term
    /// has, one after another; where it is empty, each has one. Keeps references.
    SiteRegression(const Matrix<double>& codes, std::span<const Index> site, Index sites, std::span<const Index> widths = {})
        : codes_(codes), site_(site), sites_(sites), widths_(widths) {}

    /// Of people whose value is not missing. A column that says nothing beyond the sites and the columns before it is left
    /// out, and a term none of whose columns is left has neither slope nor share (not a number); so is every figure of a
    /// feature that does not vary, and p without people to spare.
    [[nodiscard]] FeatureRegression of(std::span<const double> values) const;

private:
    const Matrix<double>& codes_;
    std::span<const Index> site_;
    Index sites_;
    std::span<const Index> widths_;
};

}  // namespace tare::stats
