// The checks that keep a fit from returning numbers that mean nothing.
#include "design_check.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
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
std::vector<Index> determining(const Eigen::MatrixXd& correlation, Index term) {
    const Eigen::MatrixXd before = correlation.topLeftCorner(term, term);
    const Eigen::VectorXd weights = before.ldlt().solve(correlation.block(0, term, term, 1));
    const double left = 1.0 - weights.dot(correlation.block(0, term, term, 1).col(0));
    std::vector<Index> found;
    if (left > determined) return found;
    for (Index j = 0; j < term; ++j) {
        if (std::abs(weights(j)) > 1e-6) found.push_back(j);
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

/// Knots must lie among the values: far from them, or so wide that the values are one point to them, they bend nothing.
void check_bounds(const Design& design) {
    constexpr double widest = 1e6;
    for (const DesignColumn& column : design.columns) {
        if (!column.spline) continue;
        const auto [low, high] = std::pair(column.spline->low, column.spline->high);
        const bool apart = column.high < low || column.low > high;
        if (!apart && high / widest - low / widest <= column.high - column.low) continue;
        throw base::degenerate("covariate '" + column.name + "': the bounds of its curve, " + base::number_text(low) +
                                   " to " + base::number_text(high) +
                                   (apart ? ", leave out all training rows" : ", are too wide for its values"),
                               "the training rows go from " + base::number_text(column.low) + " to " +
                                   base::number_text(column.high) + "; see --smooth-bounds");
    }
}

/// How the faults of a design are worded.
struct Wording {
    std::string prefix;     ///< whose design it is
    std::string covariate;  ///< what a column is called
    std::string option;     ///< where columns are named

    [[nodiscard]] std::string start() const { return prefix + covariate + " '"; }
};

base::Error too_many_functions(const Wording& wording, const SmoothTerm& smooth) {
    return base::degenerate(wording.prefix + "covariate '" + smooth.name + "' has too few values for a curve of " +
                                std::to_string(smooth.spline.size) + " basis functions without a penalty",
                            "give it fewer, as in --smooth " + smooth.name + ":k=5:lambda=0, or a penalty");
}

/// The terms of a design and how they vary at the sites.
struct Terms {
    Terms(const Design& design, const std::vector<SiteDesign>& sites)
        : names(design.terms()), smooths(design.smooth_terms()), all(pooled(sites)) {
        within = Eigen::MatrixXd::Zero(all.scatter.rows(), all.scatter.cols());
        for (const SiteDesign& site : sites) {
            within += site.scatter;
            if (site.n > 0.0) ++present;
        }
    }

    /// The curve that a term belongs to; null if none.
    [[nodiscard]] const SmoothTerm* curve_of(Index term) const {
        const auto found = std::find_if(smooths.begin(), smooths.end(), [&](const SmoothTerm& smooth) {
            return smooth.first <= term && term < smooth.first + smooth.spline.terms();
        });
        return found == smooths.end() ? nullptr : &*found;
    }
    [[nodiscard]] const std::string& name(Index term) const { return names[static_cast<std::size_t>(term)]; }

    std::vector<std::string> names;
    std::vector<SmoothTerm> smooths;
    SiteDesign all;            ///< of all sites together
    Eigen::MatrixXd within{};  ///< scatter within sites
    std::size_t present = 0;   ///< sites with subjects
};

void check_levels(const Design& design, const Wording& wording) {
    for (const DesignColumn& column : design.columns) {
        if (!column.categorical || column.levels.size() >= 2) continue;
        throw base::degenerate(wording.start() + column.name + "' has one value" +
                                   (column.levels.empty() ? "" : " ('" + column.levels.front() + "')") +
                                   " in all training rows",
                               "leave it out of " + wording.option);
    }
}

void check_variation(const Terms& terms, const Wording& wording) {
    const auto varies = [&](Index j) { return terms.within(j, j) > determined * terms.all.scatter(j, j); };
    for (Index j = 0; j < terms.within.rows(); ++j) {
        const double floor = 64.0 * std::numeric_limits<double>::epsilon() * std::abs(terms.all.covariate_mean(j));
        const bool constant = terms.all.scatter(j, j) <= terms.all.n * floor * floor;
        if (!constant && varies(j)) continue;
        const SmoothTerm* curve = terms.curve_of(j);
        for (Index i = 0; curve != nullptr && i < curve->spline.terms(); ++i) {
            if (varies(curve->first + i)) throw too_many_functions(wording, *curve);
        }
        const std::string start = wording.start() + (curve != nullptr ? curve->name : terms.name(j));
        if (constant)
            throw base::degenerate(start + "' has one value in all training rows", "leave it out of " + wording.option);
        throw base::degenerate(start + "' is confounded with the site: it does not vary within any site",
                               "its effect cannot be told from the sites'; leave it out of " + wording.option);
    }
}

void check_count(const Terms& terms, const Wording& wording) {
    const auto too_few_for = [&](std::size_t count) { return terms.all.n <= static_cast<double>(terms.present + count); };
    if (!too_few_for(terms.names.size())) return;
    for (const SmoothTerm& smooth : terms.smooths) {
        if (too_few_for(static_cast<std::size_t>(smooth.spline.terms()))) throw too_many_functions(wording, smooth);
    }
    throw base::degenerate(wording.prefix + base::counted(static_cast<std::size_t>(terms.all.n), "subject") +
                               " in training, too few for " + base::counted(terms.present, "site") + " and " +
                               base::counted(terms.names.size(), wording.covariate + " term"),
                           wording.prefix.empty() ? "" : "leave the feature out with --exclude");
}

void check_confounding(const Terms& terms, const Wording& wording) {
    const Eigen::VectorXd scale = terms.within.diagonal().cwiseSqrt().cwiseInverse();
    const Eigen::MatrixXd correlation = scale.asDiagonal() * terms.within * scale.asDiagonal();
    for (Index j = 1; j < correlation.rows(); ++j) {
        const std::vector<Index> others = determining(correlation, j);
        if (others.empty()) continue;
        const SmoothTerm* curve = terms.curve_of(j);
        if (curve != nullptr && others.front() >= curve->first) throw too_many_functions(wording, *curve);
        std::vector<std::string> quoted;
        for (const Index other : others) quoted.push_back("'" + terms.name(other) + "'");
        throw base::degenerate(wording.start() + terms.name(j) + "' is confounded with " + base::joined(quoted) +
                                   ": within sites they carry the same information",
                               "leave one of them out of " + wording.option);
    }
}

void check_terms(const Design& design, const std::vector<SiteDesign>& sites, const Wording& wording) {
    check_levels(design, wording);
    const Terms terms(design, sites);
    check_variation(terms, wording);
    check_count(terms, wording);
    check_confounding(terms, wording);
}

}  // namespace

void check_design(const Design& design, const std::vector<SiteDesign>& sites, const std::string& feature) {
    check_bounds(design);
    const auto [lines, reduced] = unpenalised(design, sites);
    check_terms(lines, reduced,
                {feature.empty() ? "" : "feature '" + feature + "' (subjects that have it): ", "covariate", "--covariates"});
}

void check_scale_design(const Design& design, const Matrix<double>& codes, std::span<const Index> site, Index sites) {
    const Index terms = codes.columns();
    std::vector<SiteDesign> all(static_cast<std::size_t>(sites),
                                {0.0, Eigen::VectorXd::Zero(terms), Eigen::MatrixXd::Zero(terms, terms)});
    for (std::size_t i = 0; i < site.size(); ++i) {
        const Eigen::VectorXd row = Eigen::Map<const Eigen::VectorXd>(codes.row(static_cast<Index>(i)).data(), terms);
        SiteDesign& own = all[static_cast<std::size_t>(site[i])];
        own.n += 1.0;
        const Eigen::VectorXd before = row - own.covariate_mean;
        own.covariate_mean += before / own.n;
        own.scatter += before * (row - own.covariate_mean).transpose();
    }
    check_terms(design, all, {"", "scale covariate", "--scale-covariates"});
}

}  // namespace tare::stats
