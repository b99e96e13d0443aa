// The checks that keep a fit from returning numbers that mean nothing.
#include "design_check.hpp"

#include <Eigen/Cholesky>
#include <cmath>
#include <limits>

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"

namespace tare::stats {
namespace {

/// Below this share of its variance left, a term counts as determined by others.
constexpr double determined = 1e-10;

/// The moments of all sites together, so that variation between sites can be told from variation within.
SiteDesign pooled(const std::vector<SiteDesign>& sites) {
    SiteDesign all{0.0, Eigen::VectorXd::Zero(sites.front().covariate_mean.size()),
                   Eigen::MatrixXd::Zero(sites.front().scatter.rows(), sites.front().scatter.cols())};
    for (const SiteDesign& site : sites) {
        if (site.n == 0.0) continue;
        const double n = all.n + site.n;
        const Eigen::VectorXd difference = site.covariate_mean - all.covariate_mean;
        all.scatter += site.scatter + (all.n * site.n / n) * difference * difference.transpose();
        all.covariate_mean += difference * (site.n / n);
        all.n = n;
    }
    return all;
}

/// The terms before `term` that determine it, given the within-site correlations; empty if none do.
std::vector<std::string> determining(const Eigen::MatrixXd& correlation, Index term, const std::vector<std::string>& names) {
    const Eigen::MatrixXd before = correlation.topLeftCorner(term, term);
    const Eigen::VectorXd weights = before.ldlt().solve(correlation.block(0, term, term, 1));
    const double left = 1.0 - weights.dot(correlation.block(0, term, term, 1).col(0));
    std::vector<std::string> found;
    if (left > determined) return found;
    for (Index j = 0; j < term; ++j) {
        if (std::abs(weights(j)) > 1e-6) found.push_back("'" + names[static_cast<std::size_t>(j)] + "'");
    }
    return found;
}

/// What no penalty holds: of every curve with a penalty its straight line.
std::pair<Design, std::vector<SiteDesign>> unpenalised(const Design& design, const std::vector<SiteDesign>& sites) {
    Design lines = design;
    std::vector<Eigen::VectorXd> rows;
    const std::vector<SmoothTerm> smooths = design.smooth_terms();
    const Index terms = design.term_count();
    auto smooth = smooths.begin();
    for (Index term = 0; term < terms;) {
        const bool curve = smooth != smooths.end() && smooth->first == term;
        Eigen::VectorXd row = Eigen::VectorXd::Zero(terms);
        const Index count = curve ? smooth->spline.terms() : 1;
        if (curve && smooth->spline.lambda != 0.0) {
            // The covariate itself, to scale and shift: B(x) reproduces straight lines.
            row.segment(term, count) = smooth->spline.line();
            rows.push_back(row);
        } else {
            for (Index i = 0; i < count; ++i) rows.emplace_back(Eigen::VectorXd::Unit(terms, term + i));
        }
        if (curve) ++smooth;
        term += count;
    }
    for (DesignColumn& column : lines.columns) {
        if (column.spline && column.spline->lambda != 0.0) column.spline.reset();
    }
    Eigen::MatrixXd map(static_cast<Index>(rows.size()), terms);
    for (std::size_t r = 0; r < rows.size(); ++r) map.row(static_cast<Index>(r)) = rows[r].transpose();
    std::vector<SiteDesign> reduced;
    for (const SiteDesign& site : sites) {
        reduced.push_back({site.n, map * site.covariate_mean, map * site.scatter * map.transpose()});
    }
    return {lines, reduced};
}

}  // namespace

void check_design(const Design& whole_design, const std::vector<SiteDesign>& whole_sites, const std::string& feature) {
    const auto [design, sites] = unpenalised(whole_design, whole_sites);
    const std::vector<std::string> names = design.terms();
    const std::string prefix = feature.empty() ? "" : "feature '" + feature + "' (subjects that have it): ";
    Eigen::MatrixXd within = Eigen::MatrixXd::Zero(static_cast<Index>(names.size()), static_cast<Index>(names.size()));
    std::size_t present = 0;
    for (const SiteDesign& site : sites) {
        within += site.scatter;
        if (site.n > 0.0) ++present;
    }
    const SiteDesign all = pooled(sites);

    for (const DesignColumn& column : design.columns) {
        if (column.categorical && column.levels.size() < 2) {
            throw base::degenerate(prefix + "covariate '" + column.name + "' has one value" +
                                       (column.levels.empty() ? "" : " ('" + column.levels.front() + "')") +
                                       " in all training rows",
                                   "leave it out of --covariates");
        }
    }
    for (Index j = 0; j < within.rows(); ++j) {
        const std::string& name = names[static_cast<std::size_t>(j)];
        const double floor = 64.0 * std::numeric_limits<double>::epsilon() * std::abs(all.covariate_mean(j));
        if (all.scatter(j, j) <= all.n * floor * floor) {
            throw base::degenerate(prefix + "covariate '" + name + "' has one value in all training rows",
                                   "leave it out of --covariates");
        }
        if (within(j, j) <= determined * all.scatter(j, j)) {
            throw base::degenerate(
                prefix + "covariate '" + name + "' is confounded with the site: it does not vary within any site",
                "its effect cannot be told from the sites'; leave it out of --covariates");
        }
    }
    if (all.n <= static_cast<double>(present + names.size())) {
        throw base::degenerate(prefix + base::counted(static_cast<std::size_t>(all.n), "subject") +
                                   " in training, too few for " + base::counted(present, "site") + " and " +
                                   base::counted(names.size(), "covariate term"),
                               feature.empty() ? "" : "leave the feature out with --exclude");
    }
    const Eigen::VectorXd scale = within.diagonal().cwiseSqrt().cwiseInverse();
    const Eigen::MatrixXd correlation = scale.asDiagonal() * within * scale.asDiagonal();
    for (Index j = 1; j < within.rows(); ++j) {
        const std::vector<std::string> others = determining(correlation, j, names);
        if (!others.empty()) {
            throw base::degenerate(prefix + "covariate '" + names[static_cast<std::size_t>(j)] + "' is confounded with " +
                                       base::joined(others) + ": within sites they carry the same information",
                                   "leave one of them out of --covariates");
        }
    }
}

}  // namespace tare::stats
