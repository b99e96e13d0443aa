// Least squares about the means of sites and about the grand mean: sites need no columns of their own.
#include "tare/stats/site_regression.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>

#include "tare/stats/distributions.hpp"

namespace tare::stats {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
/// A term has to keep this share of its variance beyond what stands before it.
constexpr double own_share = 1e-10;
constexpr double rounding = 1e-13;

/// Values and codes about the means of groups: their products, and the solution.
struct Centred {
    Eigen::MatrixXd means;      ///< groups × (terms, value)
    Eigen::MatrixXd products;   ///< of (terms, value)
    std::vector<Index> kept;    ///< terms that say something
    Eigen::VectorXd slopes;     ///< terms; 0 where not kept
    Eigen::VectorXd variances;  ///< terms: diagonal of the inverse products; NaN where not kept
    double residual_squares = 0.0;
};

struct Rows {
    const Matrix<double>& codes;
    std::span<const double> values;
    std::vector<Index> people;

    /// Terms, then the value.
    void copy(Index person, Eigen::VectorXd& out) const {
        const auto row = codes.row(person);
        for (Index j = 0; j < codes.columns(); ++j) out[j] = row[static_cast<std::size_t>(j)];
        out[codes.columns()] = values[static_cast<std::size_t>(person)];
    }
};

/// The terms that are not combinations of those before them, by Cholesky's algorithm on correlations.
std::vector<Index> independent_terms(const Eigen::MatrixXd& products, const Eigen::VectorXd& whole) {
    std::vector<Index> kept;
    std::vector<Eigen::VectorXd> rows;
    for (Index j = 0; j + 1 < products.rows(); ++j) {
        if (!(products(j, j) > own_share * whole[j])) continue;
        Eigen::VectorXd row = Eigen::VectorXd::Zero(static_cast<Index>(kept.size()) + 1);
        double pivot = 1.0;
        for (std::size_t i = 0; i < kept.size(); ++i) {
            const auto at = static_cast<Index>(i);
            const double correlation = products(j, kept[i]) / std::sqrt(products(j, j) * products(kept[i], kept[i]));
            row[at] = (correlation - row.head(at).dot(rows[i].head(at))) / rows[i][at];
            pivot -= row[at] * row[at];
        }
        if (pivot < own_share) continue;
        row[static_cast<Index>(kept.size())] = std::sqrt(pivot);
        kept.push_back(j);
        rows.push_back(std::move(row));
    }
    return kept;
}

void solve(Centred& centred) {
    const auto count = static_cast<Index>(centred.kept.size()), value = centred.products.rows() - 1;
    centred.slopes = Eigen::VectorXd::Zero(value);
    centred.variances = Eigen::VectorXd::Constant(value, nan);
    if (count == 0) return;
    Eigen::MatrixXd own(count, count);
    Eigen::VectorXd right(count), scale(count);
    for (Index i = 0; i < count; ++i) {
        const Index term = centred.kept[static_cast<std::size_t>(i)];
        scale[i] = 1.0 / std::sqrt(centred.products(term, term));
        right[i] = centred.products(term, value) * scale[i];
    }
    for (Index i = 0; i < count; ++i) {
        for (Index j = 0; j < count; ++j) {
            own(i, j) =
                centred.products(centred.kept[static_cast<std::size_t>(i)], centred.kept[static_cast<std::size_t>(j)]) *
                scale[i] * scale[j];
        }
    }
    const Eigen::LLT<Eigen::MatrixXd> factor(own);
    const Eigen::VectorXd solution = factor.solve(right);
    const Eigen::MatrixXd inverse = factor.solve(Eigen::MatrixXd::Identity(count, count));
    for (Index i = 0; i < count; ++i) {
        const Index term = centred.kept[static_cast<std::size_t>(i)];
        centred.slopes[term] = solution[i] * scale[i];
        centred.variances[term] = inverse(i, i) * scale[i] * scale[i];
    }
}

/// `group` is a number below `groups` per person. `whole`: the terms' sums of squares about their grand means; where it is
/// empty, that is what is being computed.
Centred centred(const Rows& rows, const std::vector<Index>& group, Index groups, const Eigen::VectorXd& whole) {
    const Index width = rows.codes.columns() + 1;
    Centred out;
    out.means = Eigen::MatrixXd::Zero(groups, width);
    Eigen::VectorXd count = Eigen::VectorXd::Zero(groups), row(width);
    for (const Index person : rows.people) {
        const Index g = group[static_cast<std::size_t>(person)];
        rows.copy(person, row);
        out.means.row(g) += row.transpose();
        count[g] += 1.0;
    }
    for (Index g = 0; g < groups; ++g) {
        if (count[g] > 0.0) out.means.row(g) /= count[g];
    }
    out.products = Eigen::MatrixXd::Zero(width, width);
    for (const Index person : rows.people) {
        rows.copy(person, row);
        row -= out.means.row(group[static_cast<std::size_t>(person)]).transpose();
        out.products.noalias() += row * row.transpose();
    }
    out.kept = independent_terms(out.products, whole.size() > 0 ? whole : Eigen::VectorXd(out.products.diagonal()));
    solve(out);
    for (const Index person : rows.people) {
        rows.copy(person, row);
        row -= out.means.row(group[static_cast<std::size_t>(person)]).transpose();
        const double residual = row[width - 1] - out.slopes.dot(row.head(width - 1));
        out.residual_squares += residual * residual;
    }
    return out;
}

/// A feature that does not vary: nothing can be told but what its values are.
FeatureRegression untold(std::span<const double> values, Index terms) {
    FeatureRegression out{};
    out.f = out.p = out.partial = out.site_share = out.rest_share = nan;
    out.term_shares.assign(static_cast<std::size_t>(terms), nan);
    out.slopes.assign(static_cast<std::size_t>(terms), {nan, nan, nan});
    out.adjusted.assign(values.begin(), values.end());
    out.residuals.assign(values.size(), nan);
    return out;
}

}  // namespace

FeatureRegression SiteRegression::of(std::span<const double> values) const {
    const Index terms = codes_.columns();
    FeatureRegression out = untold(values, terms);
    Rows rows{codes_, values, {}};
    std::vector<bool> has(static_cast<std::size_t>(sites_), false);
    double largest = 0.0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isnan(values[i])) continue;
        rows.people.push_back(static_cast<Index>(i));
        largest = std::max(largest, std::abs(values[i]));
        out.sites += has[static_cast<std::size_t>(site_[i])] ? 0 : 1;
        has[static_cast<std::size_t>(site_[i])] = true;
    }
    out.n = static_cast<Index>(rows.people.size());
    if (out.n < 2) return out;

    const std::vector<Index> site(site_.begin(), site_.end());
    const Centred whole = centred(rows, std::vector<Index>(site.size(), 0), 1, {});
    const double total = whole.products(terms, terms), n = static_cast<double>(out.n);
    if (!(total > n * rounding * rounding * largest * largest)) return out;
    const Centred within = centred(rows, site, sites_, whole.products.diagonal());

    for (const Index person : rows.people) {
        const auto i = static_cast<std::size_t>(person);
        double expected = 0.0, centre = within.means(site_[i], terms);
        for (Index j = 0; j < terms; ++j) {
            expected += (codes_(person, j) - whole.means(0, j)) * within.slopes[j];
            centre -= (within.means(site_[i], j) - whole.means(0, j)) * within.slopes[j];
        }
        out.adjusted[i] = values[i] - expected;
        out.residuals[i] = out.adjusted[i] - centre;
    }
    const double unexplained = within.residual_squares, of_sites = std::max(0.0, whole.residual_squares - unexplained);
    out.site_share = of_sites / total;
    out.rest_share = unexplained / total;
    const auto rank = static_cast<double>(within.kept.size()) + static_cast<double>(out.sites);
    const double d1 = rank - 1.0 - static_cast<double>(whole.kept.size()), d2 = n - rank;
    const bool varies = unexplained > rounding * total;
    if (d1 > 0.0 && d2 > 0.0 && varies) {
        out.f = (of_sites / d1) / (unexplained / d2);
        out.p = upper_tail_of_f(out.f, d1, d2);
        out.partial = of_sites / (of_sites + unexplained);
    }
    const double t = quantile_of_t(0.975, d2);
    for (const Index term : within.kept) {
        const auto j = static_cast<std::size_t>(term);
        const double slope = within.slopes[term];
        const double error = t * std::sqrt(unexplained / d2 * within.variances[term]);
        out.term_shares[j] = slope * slope / within.variances[term] / total;
        out.slopes[j] = {slope, slope - error, slope + error};
    }
    return out;
}

}  // namespace tare::stats
