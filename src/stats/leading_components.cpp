// All axes of a small matrix; of a large one a Krylov space, grown until the first ones no longer move.
#include "tare/stats/leading_components.hpp"

#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "tare/base/rng.hpp"

namespace tare::stats {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr Index solved_whole = 300, checked_every = 10, most_steps = 400;
constexpr double settled = 1e-9, negligible = 1e-12;

RowMajor standardised(const Matrix<double>& values) {
    RowMajor out(values.rows(), values.columns());
    for (Index f = 0; f < values.columns(); ++f) {
        double n = 0.0, mean = 0.0, squares = 0.0, largest = 0.0;
        for (Index i = 0; i < values.rows(); ++i) {
            if (std::isnan(values(i, f))) continue;
            n += 1.0;
            mean += values(i, f);
            largest = std::max(largest, std::abs(values(i, f)));
        }
        mean /= std::max(n, 1.0);
        for (Index i = 0; i < values.rows(); ++i) {
            out(i, f) = std::isnan(values(i, f)) ? 0.0 : values(i, f) - mean;
            squares += out(i, f) * out(i, f);
        }
        const bool varies = n > 1.0 && squares > n * 1e-26 * largest * largest;
        out.col(f) *= varies ? std::sqrt((n - 1.0) / squares) : 0.0;
    }
    return out;
}

/// Orthonormal axes over the shorter side, and the squares along each, descending.
struct Axes {
    Eigen::MatrixXd vectors;
    Eigen::VectorXd squares;
};

Axes first_of(const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>& solver, Index count) {
    const Index found = std::min(count, solver.eigenvalues().size());
    return {solver.eigenvectors().rightCols(found).rowwise().reverse(), solver.eigenvalues().tail(found).reverse()};
}

Axes all_at_once(const RowMajor& values, bool by_features, Index count) {
    const Index side = by_features ? values.cols() : values.rows();
    Eigen::MatrixXd square = Eigen::MatrixXd::Zero(side, side);
    if (by_features) {
        square.selfadjointView<Eigen::Lower>().rankUpdate(values.transpose());
    } else {
        square.selfadjointView<Eigen::Lower>().rankUpdate(values);
    }
    return first_of(Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(square), count);
}

Axes step_by_step(const RowMajor& values, bool by_features, Index count) {
    const Index side = by_features ? values.cols() : values.rows(), most = std::min(side, most_steps);
    Eigen::MatrixXd basis(side, most), small = Eigen::MatrixXd::Zero(most, most);
    Eigen::VectorXd next(side);
    base::Rng rng(1);
    for (Index i = 0; i < side; ++i) next[i] = rng.normal();
    next.normalize();
    for (Index step = 0; step < most; ++step) {
        basis.col(step) = next;
        if (by_features) {
            const Eigen::VectorXd along = values * next;
            next.noalias() = values.transpose() * along;
        } else {
            const Eigen::VectorXd along = values.transpose() * next;
            next.noalias() = values * along;
        }
        const auto known = basis.leftCols(step + 1);
        small(step, step) = basis.col(step).dot(next);
        // Twice, so that the basis stays orthogonal to rounding.
        for (int again = 0; again < 2; ++again) next -= known * (known.transpose() * next).eval();
        const double left = next.norm(), size = small.topLeftCorner(step + 1, step + 1).diagonal().maxCoeff();
        const bool ends = step + 1 == most || left <= negligible * size;
        if (ends || (step + 1) % checked_every == 0) {
            const Axes axes =
                first_of(Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(small.topLeftCorner(step + 1, step + 1)), count);
            const double moves = left * axes.vectors.row(step).cwiseAbs().maxCoeff();
            if (ends || (step + 1 > 2 * count && moves <= settled * axes.squares[0]))
                return {known * axes.vectors, axes.squares};
        }
        small(step, step + 1) = small(step + 1, step) = left;
        next /= left;
    }
    return {};
}

}  // namespace

LeadingComponents leading_components(const Matrix<double>& values, Index count) {
    LeadingComponents out{Matrix<double>(values.rows(), count), std::vector<double>(static_cast<std::size_t>(count), 0.0)};
    const RowMajor own = standardised(values);
    const double total = own.squaredNorm();
    if (!(total > 0.0)) return out;
    const bool by_features = own.cols() <= own.rows();
    const Axes axes = std::min(own.cols(), own.rows()) <= solved_whole ? all_at_once(own, by_features, count)
                                                                       : step_by_step(own, by_features, count);
    for (Index k = 0; k < axes.squares.size(); ++k) {
        if (!(axes.squares[k] > negligible * total)) continue;
        Eigen::VectorXd loadings =
            by_features ? Eigen::VectorXd(axes.vectors.col(k)) : own.transpose() * axes.vectors.col(k);
        Eigen::VectorXd scores = own * loadings.normalized();
        Index leading = 0;
        loadings.cwiseAbs().maxCoeff(&leading);
        if (loadings[leading] < 0.0) scores = -scores;
        for (Index i = 0; i < values.rows(); ++i) out.scores(i, k) = scores[i];
        out.share[static_cast<std::size_t>(k)] = axes.squares[k] / total;
    }
    return out;
}

}  // namespace tare::stats
