// V = 1 + Σ ZⱼZⱼᵀ/λⱼ, the columns of Zⱼ scaled so that the penalty of each is 1.
#include "reml_by_rows.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <cmath>

namespace tare::test {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// The columns of an orthonormal basis of what the columns of `a` span.
MatrixXd orthonormal(const MatrixXd& a) {
    Eigen::ColPivHouseholderQR<MatrixXd> qr(a.rows(), a.cols());
    qr.setThreshold(1e-9);
    qr.compute(a);
    return MatrixXd(qr.householderQ()).leftCols(qr.rank());
}

double log_determinant(const Eigen::LLT<MatrixXd>& factor) {
    double sum = 0.0;
    for (Index i = 0; i < factor.matrixLLT().rows(); ++i) sum += 2.0 * std::log(factor.matrixLLT()(i, i));
    return sum;
}

}  // namespace

MatrixXd b_splines(std::span<const double> x, int size, double low, double high) {
    const double margin = 0.001 * (high - low), width = (high - low + 2.0 * margin) / (size - 3);
    const auto knot = [&](int j) { return low - margin + width * (j - 3); };
    MatrixXd out(static_cast<Index>(x.size()), size);
    for (std::size_t i = 0; i < x.size(); ++i) {
        std::vector<double> b(static_cast<std::size_t>(size) + 3, 0.0);
        for (int j = 0; j < size + 3; ++j) {
            b[static_cast<std::size_t>(j)] = knot(j) <= x[i] && x[i] < knot(j + 1) ? 1.0 : 0.0;
        }
        for (int degree = 1; degree <= 3; ++degree) {
            for (int j = 0; j < size + 3 - degree; ++j) {
                const auto k = static_cast<std::size_t>(j);
                b[k] =
                    (x[i] - knot(j)) / (degree * width) * b[k] + (knot(j + degree + 1) - x[i]) / (degree * width) * b[k + 1];
            }
        }
        for (int j = 0; j < size; ++j) out(static_cast<Index>(i), j) = b[static_cast<std::size_t>(j)];
    }
    return out;
}

RestrictedLikelihood::RestrictedLikelihood(const MatrixXd& fixed, const std::vector<MatrixXd>& curves) {
    MatrixXd all = fixed;
    for (const MatrixXd& basis : curves) {
        const Index size = basis.cols();
        MatrixXd differences = MatrixXd::Zero(size - 2, size);
        for (Index j = 0; j < size - 2; ++j) {
            differences(j, j) = differences(j, j + 2) = 1.0;
            differences(j, j + 1) = -2.0;
        }
        const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(differences.transpose() * differences);
        // Two directions, the constant and the straight line, have no penalty: eigenvalues ascend.
        const MatrixXd free = basis * eigen.eigenvectors().leftCols(2);
        const VectorXd scale = eigen.eigenvalues().tail(size - 2).cwiseSqrt().cwiseInverse();
        MatrixXd joined(all.rows(), random_.cols() + size - 2);
        if (random_.cols() > 0) joined.leftCols(random_.cols()) = random_;
        joined.rightCols(size - 2) = basis * eigen.eigenvectors().rightCols(size - 2) * scale.asDiagonal();
        random_ = joined;
        columns_.push_back(size - 2);
        MatrixXd wider(all.rows(), all.cols() + 2);
        wider << all, free;
        all = wider;
    }
    fixed_ = orthonormal(all);
    // With X orthonormal and S = 1 − XXᵀ, what X leaves of y has the covariance S(1 + ZZᵀ)S.
    left_ = random_ - fixed_ * (fixed_.transpose() * random_);
    gram_ = left_.transpose() * left_;
}

VectorXd RestrictedLikelihood::scale(const std::vector<double>& variance_ratio) const {
    VectorXd out(gram_.rows());
    Index first = 0;
    for (std::size_t j = 0; j < columns_.size(); ++j) {
        out.segment(first, columns_[j]).setConstant(std::sqrt(variance_ratio[j]));
        first += columns_[j];
    }
    return out;
}

Eigen::LLT<MatrixXd> RestrictedLikelihood::factor(const VectorXd& scale) const {
    MatrixXd inner = scale.asDiagonal() * gram_ * scale.asDiagonal();
    inner.diagonal().array() += 1.0;
    return Eigen::LLT<MatrixXd>(inner);
}

double RestrictedLikelihood::minus_two_log(const VectorXd& y, const std::vector<double>& variance_ratio) const {
    const VectorXd d = scale(variance_ratio);
    const Eigen::LLT<MatrixXd> inner = factor(d);
    const VectorXd residual = y - fixed_ * (fixed_.transpose() * y);
    const VectorXd projected = d.asDiagonal() * (left_.transpose() * residual);
    const double quadratic = residual.squaredNorm() - projected.dot(inner.solve(projected));
    return static_cast<double>(y.size() - fixed_.cols()) * std::log(quadratic) + log_determinant(inner);
}

VectorXd RestrictedLikelihood::fitted(const VectorXd& y, const std::vector<double>& variance_ratio) const {
    const VectorXd d = scale(variance_ratio);
    const VectorXd effects = d.asDiagonal() * factor(d).solve(d.asDiagonal() * (left_.transpose() * y));
    const VectorXd random = random_ * effects;
    return random + fixed_ * (fixed_.transpose() * (y - random));
}

std::vector<double> RestrictedLikelihood::best(const VectorXd& y) const {
    const std::size_t count = columns_.size();
    // Below −9 stands for the straight line.
    const auto ratios = [](const std::vector<double>& log_ratio) {
        std::vector<double> out;
        for (const double l : log_ratio) out.push_back(l < -9.0 ? 0.0 : std::pow(10.0, l));
        return out;
    };
    const auto value = [&](const std::vector<double>& log_ratio) { return minus_two_log(y, ratios(log_ratio)); };
    std::vector<double> at(count, -10.0), found = at;
    double lowest = value(at);
    const auto scan = [&](auto&& self, std::size_t curve) -> void {
        for (double l = -10.0; l <= 9.0; l += 1.0) {
            at[curve] = l;
            if (curve + 1 < count) {
                self(self, curve + 1);
            } else if (const double here = value(at); here < lowest) {
                lowest = here;
                found = at;
            }
        }
    };
    scan(scan, 0);
    for (double step = 0.5; step > 1e-7; step *= 0.5) {
        for (bool moved = true; moved;) {
            moved = false;
            for (std::size_t curve = 0; curve < count; ++curve) {
                for (const double by : {-step, step}) {
                    std::vector<double> next = found;
                    next[curve] += by;
                    const double here = value(next);
                    if (!(here < lowest)) continue;
                    lowest = here;
                    found = next;
                    moved = true;
                }
            }
        }
    }
    return ratios(found);
}

double RestrictedLikelihood::slope(const VectorXd& y, double lambda) const {
    const auto difference = [&](double step) {
        return (minus_two_log(y, {std::exp(-step) / lambda}) - minus_two_log(y, {std::exp(step) / lambda})) / (2.0 * step);
    };
    return (4.0 * difference(0.02) - difference(0.04)) / 3.0;
}

}  // namespace tare::test
