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
/// A column has to keep this share of its variance beyond what stands before it; less would be lost to rounding.
constexpr double own_share = 1e-8;
constexpr double rounding = 1e-13;

/// Values and codes about the means of groups: their products, and the solution.
struct Centred {
    Eigen::MatrixXd means;     ///< groups × (columns, value)
    Eigen::MatrixXd products;  ///< of (columns, value)
    std::vector<Index> kept;   ///< columns that say something
    Eigen::VectorXd slopes;    ///< columns; 0 where not kept
    Eigen::MatrixXd inverse;   ///< of the products of the columns kept
    double residual_squares = 0.0;
};

struct Rows {
    const Matrix<double>& codes;
    std::span<const double> values;
    std::vector<Index> people;

    /// Codes, then the value.
    void copy(Index person, Eigen::VectorXd& out) const {
        const auto row = codes.row(person);
        for (Index j = 0; j < codes.columns(); ++j) out[j] = row[static_cast<std::size_t>(j)];
        out[codes.columns()] = values[static_cast<std::size_t>(person)];
    }
};

/// The columns that are not combinations of those before them, by Cholesky's algorithm on correlations.
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
    centred.inverse = scale.asDiagonal() * factor.solve(Eigen::MatrixXd::Identity(count, count)) * scale.asDiagonal();
    for (Index i = 0; i < count; ++i) centred.slopes[centred.kept[static_cast<std::size_t>(i)]] = solution[i] * scale[i];
}

/// What the columns kept from `first` to `last` − 1 explain beyond all others: bᵀV⁻¹b, V their block of the inverse.
double explained_alone(const Centred& centred, Index first, Index last) {
    std::vector<Index> places;
    for (std::size_t i = 0; i < centred.kept.size(); ++i) {
        if (centred.kept[i] >= first && centred.kept[i] < last) places.push_back(static_cast<Index>(i));
    }
    if (places.empty()) return nan;
    const auto count = static_cast<Index>(places.size());
    Eigen::MatrixXd block(count, count);
    Eigen::VectorXd slopes(count);
    for (Index i = 0; i < count; ++i) {
        const Index row = places[static_cast<std::size_t>(i)];
        slopes[i] = centred.slopes[centred.kept[static_cast<std::size_t>(row)]];
        for (Index j = 0; j < count; ++j) block(i, j) = centred.inverse(row, places[static_cast<std::size_t>(j)]);
    }
    return slopes.dot(block.llt().solve(slopes));
}

/// `group` is a number below `groups` per person. `whole`: the columns' sums of squares about their grand means; where it is
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
    out.f = out.p = out.partial = out.site_share = out.rest_share = out.spare = nan;
    out.term_shares.assign(static_cast<std::size_t>(terms), nan);
    out.slopes.assign(static_cast<std::size_t>(terms), {nan, nan, nan});
    out.adjusted.assign(values.begin(), values.end());
    out.residuals.assign(values.size(), nan);
    out.pooled_residuals = out.residuals;
    return out;
}

}  // namespace

FeatureRegression SiteRegression::of(std::span<const double> values) const {
    const Index columns = codes_.columns(), terms = widths_.empty() ? columns : static_cast<Index>(widths_.size());
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
    const double total = whole.products(columns, columns), n = static_cast<double>(out.n);
    if (!(total > n * rounding * rounding * largest * largest)) return out;
    const Centred within = centred(rows, site, sites_, whole.products.diagonal());

    for (const Index person : rows.people) {
        const auto i = static_cast<std::size_t>(person);
        double expected = 0.0, centre = within.means(site_[i], columns), pooled = 0.0;
        for (Index j = 0; j < columns; ++j) {
            expected += (codes_(person, j) - whole.means(0, j)) * within.slopes[j];
            pooled += (codes_(person, j) - whole.means(0, j)) * whole.slopes[j];
            centre -= (within.means(site_[i], j) - whole.means(0, j)) * within.slopes[j];
        }
        out.adjusted[i] = values[i] - expected;
        out.residuals[i] = out.adjusted[i] - centre;
        out.pooled_residuals[i] = values[i] - whole.means(0, columns) - pooled;
    }
    const double unexplained = within.residual_squares, of_sites = std::max(0.0, whole.residual_squares - unexplained);
    out.rest_share = unexplained / total;
    const auto rank = static_cast<double>(within.kept.size()) + static_cast<double>(out.sites);
    const double d1 = rank - 1.0 - static_cast<double>(whole.kept.size()), d2 = n - rank;
    out.spare = d2;
    if (d1 > 0.0 || out.sites < 2) out.site_share = of_sites / total;
    const bool varies = unexplained > rounding * total;
    if (d1 > 0.0 && d2 > 0.0 && varies) {
        out.f = (of_sites / d1) / (unexplained / d2);
        out.p = upper_tail_of_f(out.f, d1, d2);
        out.partial = of_sites / (of_sites + unexplained);
    }
    const double t = quantile_of_t(0.975, d2);
    std::vector<double> errors(static_cast<std::size_t>(columns), nan);
    for (std::size_t i = 0; i < within.kept.size(); ++i) {
        const double variance = within.inverse(static_cast<Index>(i), static_cast<Index>(i));
        errors[static_cast<std::size_t>(within.kept[i])] = t * std::sqrt(unexplained / d2 * variance);
    }
    Index first = 0;
    for (std::size_t term = 0; term < out.slopes.size(); ++term) {
        const Index width = widths_.empty() ? 1 : widths_[term];
        out.term_shares[term] = explained_alone(within, first, first + width) / total;
        const bool kept = std::find(within.kept.begin(), within.kept.end(), first) != within.kept.end();
        if (width == 1 && kept) {
            const double slope = within.slopes[first], error = errors[static_cast<std::size_t>(first)];
            out.slopes[term] = {slope, slope - error, slope + error};
        }
        first += width;
    }
    return out;
}

}  // namespace tare::stats
