// With z = L⁻¹x and U the class sums of z over √n_k (classes × dimensions), W = L(I − UᵀU)Lᵀ. By Woodbury's identity
// U(I − UᵀU)⁻¹ = (I − G)⁻¹U for G = UUᵀ, so m_kᵀW⁻¹x = [(I − G)⁻¹U z]_k/√n_k and m_kᵀW⁻¹m_k = [(I − G)⁻¹G]_kk/n_k:
// labels cost the class sums, a classes × classes system and one product with the test rows.
#include "tare/stats/site_probe.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "tare/base/error.hpp"

namespace tare::stats {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ConstMap = Eigen::Map<const RowMajor>;

/// Values whose range is below this share of the largest are constant but for rounding.
constexpr double rounding = 1e-13;

/// One feature's way to a mean of 0 and an SD of 1.
struct Standard {
    Index feature;
    double mean, sd;
};

base::Error infinite_values() {
    return base::degenerate("a site cannot be recognised from infinite values");
}

/// Of the features that vary over the training rows.
std::vector<Standard> standards_of(const Matrix<double>& training) {
    std::vector<Standard> out;
    for (Index f = 0; f < training.columns(); ++f) {
        double sum = 0.0, least = std::numeric_limits<double>::infinity(), most = -least;
        Index count = 0;
        for (Index i = 0; i < training.rows(); ++i) {
            const double x = training(i, f);
            if (std::isnan(x)) continue;
            sum += x;
            least = std::min(least, x);
            most = std::max(most, x);
            ++count;
        }
        const double range = most - least;
        if (count > 0 && !std::isfinite(range)) throw infinite_values();
        if (count == 0 || range <= rounding * std::max(std::abs(least), std::abs(most))) continue;
        const double mean = sum / static_cast<double>(count);
        // In units of the range, so that no square overflows or vanishes.
        double squares = 0.0;
        for (Index i = 0; i < training.rows(); ++i) {
            const double distance = (training(i, f) - mean) / range;
            if (!std::isnan(training(i, f))) squares += distance * distance;
        }
        out.push_back({f, mean, range * std::sqrt(squares / static_cast<double>(training.rows()))});
    }
    return out;
}

/// Where no feature varies, one column of zeros.
RowMajor standardised(const Matrix<double>& rows, const std::vector<Standard>& standards) {
    RowMajor out = RowMajor::Zero(rows.rows(), std::max<Index>(1, static_cast<Index>(standards.size())));
    for (Index i = 0; i < rows.rows(); ++i) {
        Index column = 0;
        for (const auto& [feature, mean, sd] : standards) {
            const double x = rows(i, feature);
            out(i, column++) = std::isnan(x) ? 0.0 : (x - mean) / sd;
        }
    }
    if (!out.allFinite()) throw infinite_values();
    return out;
}

/// Replaces features by coordinates in the space that the training rows span, in which all inner products with training
/// rows stay as they are. What lies outside has no scatter and no class mean.
void project_on_training_rows(RowMajor& training, RowMajor& test) {
    const Eigen::HouseholderQR<Eigen::MatrixXd> qr(training.transpose());
    const Index rows = training.rows();
    const Eigen::MatrixXd turned = qr.householderQ().adjoint() * test.transpose();
    test = turned.topRows(rows).transpose();
    training = Eigen::MatrixXd(qr.matrixQR().topRows(rows).triangularView<Eigen::Upper>()).transpose();
}

Matrix<double> kept(const RowMajor& values) {
    Matrix<double> out(values.rows(), values.cols());
    std::copy_n(values.data(), values.size(), out.data());
    return out;
}

ConstMap mapped(const Matrix<double>& values) {
    return {values.data(), values.rows(), values.columns()};
}

/// A class's discriminant in whitened coordinates: direction·z − offset.
struct Discriminants {
    RowMajor directions;      ///< classes × dimensions
    Eigen::VectorXd offsets;  ///< classes; ∞ for a class without a row
};

Discriminants discriminants(const Matrix<double>& training, std::span<const Index> labels, Index classes) {
    RowMajor sums = RowMajor::Zero(classes, training.columns());
    Eigen::VectorXd count = Eigen::VectorXd::Zero(classes);
    const ConstMap rows = mapped(training);
    for (Index i = 0; i < rows.rows(); ++i) {
        const Index k = labels[static_cast<std::size_t>(i)];
        sums.row(k) += rows.row(i);
        count(k) += 1.0;
    }
    // A class without a row has a sum of 0, and so takes no part.
    const Eigen::VectorXd shares = count.cwiseMax(1.0).cwiseSqrt().cwiseInverse();
    sums = shares.asDiagonal() * sums;
    const Eigen::MatrixXd products = sums * sums.transpose();
    const Eigen::LLT<Eigen::MatrixXd> rest(Eigen::MatrixXd::Identity(classes, classes) - products);
    Discriminants out{rest.solve(sums), {}};
    out.offsets = 0.5 * rest.solve(products).diagonal().cwiseProduct(shares).cwiseProduct(shares);
    out.directions = shares.asDiagonal() * out.directions;
    for (Index k = 0; k < classes; ++k) {
        if (count(k) == 0.0) out.offsets(k) = std::numeric_limits<double>::infinity();
    }
    return out;
}

}  // namespace

SiteProbe::SiteProbe(const Matrix<double>& training, const Matrix<double>& test, double ridge) {
    if (training.columns() != test.columns()) throw std::logic_error("training and test rows have different features");
    if (!(ridge > 0.0)) throw std::logic_error("the ridge of a probe is positive");
    if (training.rows() == 0 || test.rows() == 0)
        throw base::degenerate("a site cannot be recognised without training rows and test rows");
    const std::vector<Standard> standards = standards_of(training);
    RowMajor x = standardised(training, standards), t = standardised(test, standards);
    if (x.cols() > x.rows()) project_on_training_rows(x, t);
    Eigen::MatrixXd scatter = Eigen::MatrixXd::Zero(x.cols(), x.cols());
    scatter.selfadjointView<Eigen::Lower>().rankUpdate(x.transpose());
    scatter.diagonal().array() += ridge * static_cast<double>(x.rows());
    const Eigen::LLT<Eigen::MatrixXd> factor(scatter);
    factor.matrixU().solveInPlace<Eigen::OnTheRight>(x);
    factor.matrixU().solveInPlace<Eigen::OnTheRight>(t);
    training_ = kept(x);
    test_ = kept(t);
}

Matrix<double> SiteProbe::scores(std::span<const Index> training_labels, Index classes) const {
    if (static_cast<Index>(training_labels.size()) != training_.rows() ||
        std::any_of(training_labels.begin(), training_labels.end(), [&](Index k) { return k < 0 || k >= classes; }))
        throw std::logic_error("labels of a probe are one class per training row");
    const Discriminants by = discriminants(training_, training_labels, classes);
    Matrix<double> out(test_.rows(), classes);
    Eigen::Map<RowMajor> map(out.data(), out.rows(), out.columns());
    map.noalias() = mapped(test_) * by.directions.transpose();
    map.rowwise() -= by.offsets.transpose();
    return out;
}

std::vector<Index> SiteProbe::predict(std::span<const Index> training_labels, Index classes) const {
    const Matrix<double> score = scores(training_labels, classes);
    std::vector<Index> out;
    out.reserve(static_cast<std::size_t>(score.rows()));
    for (Index i = 0; i < score.rows(); ++i) {
        const std::span<const double> row = score.row(i);
        out.push_back(std::max_element(row.begin(), row.end()) - row.begin());
    }
    return out;
}

}  // namespace tare::stats
