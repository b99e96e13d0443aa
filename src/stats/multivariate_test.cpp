// The space between the covariates' and the sites' columns, and how much of the features lies in it.
#include "tare/stats/multivariate_test.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "tare/stats/distributions.hpp"

namespace tare::stats {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double most_missing = 0.1, enough_complete = 0.9;
constexpr double negligible = 1e-10;

struct Complete {
    Eigen::MatrixXd values;  ///< people × features, standardised
    std::vector<Index> people;
};

std::vector<Index> mostly_there(const Matrix<double>& values) {
    std::vector<Index> gaps(static_cast<std::size_t>(values.columns()), 0), out;
    for (Index i = 0; i < values.rows(); ++i) {
        for (Index f = 0; f < values.columns(); ++f) gaps[static_cast<std::size_t>(f)] += std::isnan(values(i, f)) ? 1 : 0;
    }
    const double most = most_missing * static_cast<double>(values.rows());
    const bool any = std::any_of(gaps.begin(), gaps.end(), [&](Index own) { return static_cast<double>(own) <= most; });
    for (Index f = 0; f < values.columns(); ++f) {
        const Index own = gaps[static_cast<std::size_t>(f)];
        if (any ? static_cast<double>(own) <= most : own + 2 < values.rows()) out.push_back(f);
    }
    return out;
}

/// The people without gaps, or all where these are too few.
std::vector<Index> people_of(const Matrix<double>& values, const std::vector<Index>& features) {
    std::vector<Index> complete, all;
    for (Index i = 0; i < values.rows(); ++i) {
        all.push_back(i);
        if (std::none_of(features.begin(), features.end(), [&](Index f) { return std::isnan(values(i, f)); }))
            complete.push_back(i);
    }
    return static_cast<double>(complete.size()) >= enough_complete * static_cast<double>(all.size()) ? complete : all;
}

/// Standardises a column in place, its gaps as its mean; false where it does not vary.
bool standardise(Eigen::Ref<Eigen::VectorXd> column) {
    double n = 0.0, mean = 0.0, largest = 0.0;
    for (const double value : column) {
        if (std::isnan(value)) continue;
        n += 1.0;
        mean += value;
        largest = std::max(largest, std::abs(value));
    }
    mean /= std::max(n, 1.0);
    for (double& value : column) value = std::isnan(value) ? 0.0 : value - mean;
    const double sd = std::sqrt(column.squaredNorm() / std::max(n - 1.0, 1.0));
    if (!(sd > 1e-13 * largest)) return false;
    column /= sd;
    return true;
}

Complete complete_part(const Matrix<double>& values) {
    const std::vector<Index> features = mostly_there(values);
    Complete out{Eigen::MatrixXd(), people_of(values, features)};
    const auto n = static_cast<Index>(out.people.size());
    out.values.resize(n, static_cast<Index>(features.size()));
    Index used = 0;
    for (const Index f : features) {
        for (Index i = 0; i < n; ++i) out.values(i, used) = values(out.people[static_cast<std::size_t>(i)], f);
        used += standardise(out.values.col(used)) ? 1 : 0;
    }
    out.values.conservativeResize(n, used);
    return out;
}

/// An orthonormal basis of the columns.
Eigen::MatrixXd basis_of(const Eigen::MatrixXd& columns, double scale) {
    if (columns.cols() == 0) return Eigen::MatrixXd(columns.rows(), 0);
    const Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(columns);
    Index rank = 0;
    const Index most = std::min(columns.rows(), columns.cols());
    while (rank < most && std::abs(qr.matrixR()(rank, rank)) > negligible * scale) ++rank;
    // Nothing may be multiplied into a matrix without columns, whose memory is nowhere.
    if (rank == 0) return Eigen::MatrixXd(columns.rows(), 0);
    return qr.householderQ() * Eigen::MatrixXd::Identity(columns.rows(), rank);
}

void take_out(Eigen::MatrixXd& values, const Eigen::MatrixXd& basis) {
    const Eigen::MatrixXd along = basis.transpose() * values;
    values.noalias() -= basis * along;
}

/// Columns for the intercept and the covariates, each of unit length.
Eigen::MatrixXd covariate_columns(const Complete& part, const Matrix<double>& codes) {
    const auto n = static_cast<Index>(part.people.size());
    Eigen::MatrixXd out = Eigen::MatrixXd::Ones(n, codes.columns() + 1);
    for (Index j = 0; j < codes.columns(); ++j) {
        auto column = out.col(j + 1);
        for (Index i = 0; i < n; ++i) column[i] = codes(part.people[static_cast<std::size_t>(i)], j);
        column.array() -= column.mean();
        if (column.norm() > 0.0) column.normalize();
    }
    out.col(0).normalize();
    return out;
}

Eigen::MatrixXd site_columns(const Complete& part, std::span<const Index> site, Index sites) {
    Eigen::MatrixXd out = Eigen::MatrixXd::Zero(static_cast<Index>(part.people.size()), sites);
    for (std::size_t i = 0; i < part.people.size(); ++i)
        out(static_cast<Index>(i), site[static_cast<std::size_t>(part.people[i])]) = 1.0;
    for (Index s = 0; s < sites; ++s) {
        if (out.col(s).norm() > 0.0) out.col(s).normalize();
    }
    return out;
}

/// `values` without the covariates' part, `effects` (features × dimensions) their part along the sites' basis.
void manova(const Eigen::MatrixXd& values, const Eigen::MatrixXd& effects, double spare, MultivariateTest& out) {
    Eigen::MatrixXd products = Eigen::MatrixXd::Zero(values.cols(), values.cols());
    products.selfadjointView<Eigen::Lower>().rankUpdate(values.transpose());
    const Eigen::LDLT<Eigen::MatrixXd> factor(products);
    Eigen::MatrixXd turned = factor.transpositionsP() * effects;
    factor.matrixL().solveInPlace(turned);
    const Eigen::VectorXd pivots = factor.vectorD();
    double trace = 0.0, p = 0.0;
    for (Index i = 0; i < pivots.size(); ++i) {
        if (!(pivots[i] > negligible * pivots.maxCoeff())) continue;
        trace += turned.row(i).squaredNorm() / pivots[i];
        p += 1.0;
    }
    const double q = static_cast<double>(effects.cols()), most = std::min(p, q);
    const double d1 = most * std::max(p, q), d2 = most * (spare - p + most);
    out.kind = MultivariateKind::manova;
    out.features = static_cast<Index>(p);
    out.statistic = trace;
    out.effect = trace / most;
    out.p = upper_tail_of_f(trace / (most - trace) * d2 / d1, d1, d2);
}

void mdmr(Eigen::MatrixXd values, const Eigen::MatrixXd& basis, const Eigen::MatrixXd& effects, double spare,
          MultivariateTest& out) {
    const double between = effects.squaredNorm();
    take_out(values, basis);
    const double within = values.squaredNorm();
    const bool by_people = values.rows() < values.cols();
    const Index side = std::min(values.rows(), values.cols());
    Eigen::MatrixXd products = Eigen::MatrixXd::Zero(side, side);
    if (by_people) {
        products.selfadjointView<Eigen::Lower>().rankUpdate(values);
    } else {
        products.selfadjointView<Eigen::Lower>().rankUpdate(values.transpose());
    }
    const double squares = Eigen::MatrixXd(products.selfadjointView<Eigen::Lower>()).squaredNorm();
    // How many independent features would scatter as much: (tr Σ)²/tr Σ², the latter without bias (Bai, Saranadasa 1996).
    const double unbiased = (squares - within * within / spare) / ((spare - 1.0) * (spare + 2.0));
    const double own = (within / spare) * (within / spare);
    const double dimensions = std::clamp(unbiased > 0.0 ? own / unbiased : static_cast<double>(values.cols()), 1.0,
                                         static_cast<double>(values.cols()));
    const double q = static_cast<double>(basis.cols());
    out.kind = MultivariateKind::mdmr;
    out.statistic = (between / q) / (within / spare);
    out.effect = between / (between + within);
    out.p = upper_tail_of_f(out.statistic, q * dimensions, spare * dimensions);
}

}  // namespace

MultivariateTest multivariate_site_test(const Matrix<double>& values, const Matrix<double>& codes,
                                        std::span<const Index> site, Index sites) {
    Complete part = complete_part(values);
    MultivariateTest out{MultivariateKind::mdmr, static_cast<Index>(part.people.size()), part.values.cols(), nan, nan, nan};
    const double n = static_cast<double>(part.people.size());
    if (part.people.size() < 3 || part.values.cols() == 0) return out;
    const Eigen::MatrixXd known = basis_of(covariate_columns(part, codes), 1.0);
    Eigen::MatrixXd dummies = site_columns(part, site, sites);
    take_out(dummies, known);
    const Eigen::MatrixXd basis = basis_of(dummies, 1.0);
    const double spare = n - static_cast<double>(known.cols() + basis.cols());
    if (basis.cols() == 0 || spare < 2.0) return out;
    take_out(part.values, known);
    const Eigen::MatrixXd effects = part.values.transpose() * basis;
    if (2.0 * static_cast<double>(part.values.cols()) <= spare) {
        manova(part.values, effects, spare, out);
    } else {
        mdmr(std::move(part.values), basis, effects, spare, out);
    }
    return out;
}

}  // namespace tare::stats
