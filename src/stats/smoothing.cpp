// One curve: its penalty and A are made diagonal together, and the search is the backend's. Several: a shared coarse grid,
// then Newton's method on log λ.
#include "smoothing.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <cmath>
#include <limits>
#include <numeric>

namespace tare::stats {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
/// log λ is looked for within this distance of the balance of A and P.
constexpr double below = 18.0, above = 22.0, grid_step = 0.5;
/// A residual below this share of all variation is that of an exact fit.
constexpr double exact = 1e-14;

Index rank_of(const SmoothTerm& smooth) {
    return smooth.spline.size - 2;
}

/// True where the values within sites tell no more of a curve than its line, as two different values do: no weight then
/// changes the fit.
bool carries_line_only(const Eigen::MatrixXd& within) {
    const Eigen::VectorXd kept =
        Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(within, Eigen::EigenvaluesOnly).eigenvalues();
    return kept(kept.size() - 2) <= 1e-12 * kept(kept.size() - 1);
}

}  // namespace

SmoothSolver::SmoothSolver(const Eigen::MatrixXd& within, std::vector<SmoothTerm> smooths, double subjects, Index sites)
    : smooths_(std::move(smooths)), scale_(within.diagonal().cwiseSqrt()) {
    const Index terms = within.rows();
    degrees_ = subjects - static_cast<double>(sites + terms);
    for (const SmoothTerm& smooth : smooths_) {
        const double mean_square = within.diagonal().segment(smooth.first, smooth.spline.terms()).mean();
        scale_.segment(smooth.first, smooth.spline.terms()).setConstant(std::sqrt(mean_square));
    }
    const Eigen::VectorXd inverse = scale_.cwiseInverse();
    within_ = inverse.asDiagonal() * within * inverse.asDiagonal();
    known_ = within_;
    for (std::size_t j = 0; j < smooths_.size(); ++j) {
        SmoothTerm& smooth = smooths_[j];
        const Index first = smooth.first, count = smooth.spline.terms();
        Eigen::MatrixXd penalty = Eigen::MatrixXd::Zero(terms, terms);
        penalty.block(first, first, count, count) = smooth.spline.penalty() * (inverse(first) * inverse(first));
        if (smooth.spline.lambda != 0.0) degrees_ += static_cast<double>(rank_of(smooth));
        const double balance = within_.block(first, first, count, count).trace() / penalty.trace();
        if (smooth.spline.lambda) {
            known_ += *smooth.spline.lambda * penalty;
        } else if (carries_line_only(within_.block(first, first, count, count))) {
            smooth.spline.lambda = infinite;
            known_ += balance * penalty;
        } else {
            free_.push_back(j);
            balance_.push_back(balance);
        }
        penalties_.push_back(std::move(penalty));
    }
    if (free_.size() == 1) {
        curve_ = free_curve();
        return;
    }
    if (free_.empty()) return;
    const Index each = free_.size() == 2 ? 9 : free_.size() == 3 ? 6 : free_.size() == 4 ? 4 : 3;
    const auto curves = static_cast<Index>(free_.size());
    Index count = 1;
    for (Index c = 0; c < curves; ++c) count *= each;
    for (Index i = 0; i < count; ++i) {
        GridPoint point{Eigen::VectorXd(curves), known_, 0.0};
        Index rest = i;
        for (Index c = 0; c < curves; ++c, rest /= each) {
            const auto k = static_cast<std::size_t>(c);
            const double share = static_cast<double>(rest % each) / static_cast<double>(each - 1);
            point.log_lambda(c) = std::log(balance_[k]) - 6.0 + 16.0 * share;
            point.factor += std::exp(point.log_lambda(c)) * penalties_[free_[k]];
            point.constant -= static_cast<double>(rank_of(smooths_[free_[k]])) * point.log_lambda(c);
        }
        point.factor = point.factor.llt().matrixL();
        point.constant += 2.0 * point.factor.diagonal().array().log().sum();
        points_.push_back(std::move(point));
    }
}

compute::CurveDesign SmoothSolver::free_curve() const {
    const SmoothTerm& smooth = smooths_[free_.front()];
    const Eigen::MatrixXd& penalty = penalties_[free_.front()];
    const double balance = balance_.front(), rank = static_cast<double>(rank_of(smooth));
    const Eigen::GeneralizedSelfAdjointEigenSolver<Eigen::MatrixXd> both(penalty, known_ + balance * penalty);
    const Index terms = penalty.rows();
    Eigen::ArrayXd penalised = both.eigenvalues().array();
    penalised.head(terms - rank_of(smooth)).setZero();
    const Eigen::ArrayXd free_part = (1.0 - balance * penalised).max(0.0);

    compute::CurveDesign out;
    out.scale.assign(scale_.begin(), scale_.end());
    out.modes = Matrix<double>(terms, terms);
    for (Index j = 0; j < terms; ++j) {
        for (Index t = 0; t < terms; ++t) out.modes(j, t) = both.eigenvectors()(j, t);
    }
    out.penalised.assign(penalised.begin(), penalised.end());
    out.free_part.assign(free_part.begin(), free_part.end());
    const auto points = static_cast<Index>((below + above) / grid_step) + 1;
    const Eigen::VectorXd grid = Eigen::VectorXd::LinSpaced(points, std::log(balance) - below, std::log(balance) + above);
    for (const double log_lambda : grid) {
        const double lambda = std::exp(log_lambda);
        out.log_lambda.push_back(log_lambda);
        out.lambda.push_back(lambda);
        out.log_determinants.push_back((free_part + lambda * penalised).log().sum() - rank * log_lambda);
    }
    for (const double p : out.penalised) out.log_determinant_of_line += p > 0.0 ? std::log(p) : 0.0;
    out.degrees = degrees_;
    out.rank = rank;
    out.spline_terms = static_cast<double>(smooth.spline.terms());
    out.exact = exact;
    return out;
}

std::optional<compute::CurveDesign> SmoothSolver::only_curve() const {
    if (smooths_.size() != 1 || free_.size() != 1) return std::nullopt;
    return curve_;
}

double SmoothSolver::log_of_residual(double residual, double squares) const {
    return degrees_ * std::log(std::max(residual, exact * squares + std::numeric_limits<double>::min()));
}

SmoothFit SmoothSolver::fit(const Eigen::VectorXd& cross_products, double squares) const {
    if (free_.size() == 1) return fit_one(cross_products, squares);
    const Eigen::VectorXd scaled = cross_products.cwiseQuotient(scale_);
    SmoothFit out = free_.empty() ? solved(scaled, {}) : fit_several(scaled, squares);
    out.coefficients = out.coefficients.cwiseQuotient(scale_);
    return out;
}

SmoothFit SmoothSolver::fit_one(const Eigen::VectorXd& cross_products, double squares) const {
    const compute::CurveFit fit =
        compute::fit_curve(curve_, {cross_products.data(), static_cast<std::size_t>(cross_products.size())}, squares);
    SmoothFit out{Eigen::Map<const Eigen::VectorXd>(fit.coefficients.data(), cross_products.size()), {}, {fit.edf}};
    for (const SmoothTerm& smooth : smooths_) out.lambda.push_back(smooth.spline.lambda.value_or(fit.lambda));
    if (smooths_.size() > 1) out.edf = solved(cross_products.cwiseQuotient(scale_), {fit.lambda}).edf;
    return out;
}

Eigen::VectorXd SmoothSolver::best_on_grid(const Eigen::VectorXd& scaled, double squares) const {
    double smallest = infinite;
    const GridPoint* best = &points_.front();
    for (const GridPoint& point : points_) {
        const double explained = point.factor.triangularView<Eigen::Lower>().solve(scaled).squaredNorm();
        const double value = log_of_residual(squares - explained, squares) + point.constant;
        if (value < smallest) {
            smallest = value;
            best = &point;
        }
    }
    return best->log_lambda;
}

SmoothSolver::Criterion SmoothSolver::criterion(const Eigen::VectorXd& log_lambda, const Eigen::VectorXd& scaled,
                                                double squares) const {
    const Index curves = log_lambda.size();
    Eigen::MatrixXd whole = known_;
    for (Index c = 0; c < curves; ++c) {
        whole += std::exp(log_lambda(c)) * penalties_[free_[static_cast<std::size_t>(c)]];
    }
    const Eigen::LLT<Eigen::MatrixXd> factor(whole);
    const Eigen::VectorXd beta = factor.solve(scaled);
    const double residual = std::max(squares - scaled.dot(beta), exact * squares + std::numeric_limits<double>::min());
    Criterion out{log_of_residual(residual, squares) + 2.0 * factor.matrixLLT().diagonal().array().log().sum(),
                  Eigen::VectorXd(curves), Eigen::MatrixXd::Zero(curves, curves)};
    std::vector<Eigen::MatrixXd> solved_penalties;
    Eigen::MatrixXd pulls(scaled.size(), curves);  // λⱼPⱼβ
    Eigen::VectorXd drop(curves);                  // ∂S/∂log λⱼ
    for (Index c = 0; c < curves; ++c) {
        const std::size_t j = free_[static_cast<std::size_t>(c)];
        const double lambda = std::exp(log_lambda(c)), rank = static_cast<double>(rank_of(smooths_[j]));
        out.value -= rank * log_lambda(c);
        solved_penalties.emplace_back(factor.solve(lambda * penalties_[j]));
        pulls.col(c) = lambda * (penalties_[j] * beta);
        drop(c) = beta.dot(pulls.col(c));
        out.gradient(c) = degrees_ * drop(c) / residual + solved_penalties.back().trace() - rank;
    }
    const Eigen::MatrixXd answers = factor.solve(pulls);
    for (Index c = 0; c < curves; ++c) {
        for (Index d = 0; d < curves; ++d) {
            const auto i = static_cast<std::size_t>(c), j = static_cast<std::size_t>(d);
            double second = -2.0 * pulls.col(c).dot(answers.col(d));
            double trace = -(solved_penalties[i].array() * solved_penalties[j].transpose().array()).sum();
            if (c == d) {
                second += drop(c);
                trace += solved_penalties[i].trace();
            }
            out.curvature(c, d) = degrees_ * (second / residual - drop(c) * drop(d) / (residual * residual)) + trace;
        }
    }
    return out;
}

SmoothFit SmoothSolver::fit_several(const Eigen::VectorXd& scaled, double squares) const {
    const Index curves = static_cast<Index>(free_.size());
    Eigen::VectorXd rho = best_on_grid(scaled, squares), low(curves), high(curves);
    for (Index c = 0; c < curves; ++c) {
        low(c) = std::log(balance_[static_cast<std::size_t>(c)]) - below;
        high(c) = std::log(balance_[static_cast<std::size_t>(c)]) + above;
    }
    Criterion here = criterion(rho, scaled, squares);
    for (int sweep = 0; sweep < 200; ++sweep) {
        // At a bound a coordinate rests as long as the slope pushes outwards.
        Eigen::MatrixXd curvature = here.curvature;
        Eigen::VectorXd gradient = here.gradient;
        for (Index c = 0; c < curves; ++c) {
            const bool resting = (rho(c) >= high(c) && gradient(c) < 0.0) || (rho(c) <= low(c) && gradient(c) > 0.0);
            if (!resting) continue;
            curvature.row(c).setZero();
            curvature.col(c).setZero();
            curvature(c, c) = 1.0;
            gradient(c) = 0.0;
        }
        if (gradient.cwiseAbs().maxCoeff() <= 1e-11 * (1.0 + degrees_)) break;
        // Where the criterion curves downwards, the absolute curvature still gives a way down.
        const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> bent(curvature);
        const Eigen::VectorXd curved = bent.eigenvalues().cwiseAbs().cwiseMax(1e-8);
        Eigen::VectorXd step = -(bent.eigenvectors() * ((bent.eigenvectors().transpose() * gradient).cwiseQuotient(curved)));
        const double longest = step.cwiseAbs().maxCoeff();
        if (longest > 4.0) step *= 4.0 / longest;
        bool down = false;
        for (int halving = 0; halving < 40 && !down; ++halving, step *= 0.5) {
            const Eigen::VectorXd next = (rho + step).cwiseMax(low).cwiseMin(high);
            const Criterion there = criterion(next, scaled, squares);
            if (there.value > here.value) continue;
            down = (next - rho).cwiseAbs().maxCoeff() > 1e-13;
            rho = next;
            here = there;
            if (!down) break;
        }
        if (!down) break;
    }
    std::vector<double> chosen;
    for (Index c = 0; c < curves; ++c) chosen.push_back(rho(c) >= high(c) - 2.0 ? infinite : std::exp(rho(c)));
    return solved(scaled, chosen);
}

SmoothFit SmoothSolver::solved(const Eigen::VectorXd& scaled, const std::vector<double>& chosen) const {
    SmoothFit out;
    out.lambda.resize(smooths_.size());
    for (std::size_t j = 0; j < smooths_.size(); ++j) out.lambda[j] = smooths_[j].spline.lambda.value_or(0.0);
    for (std::size_t c = 0; c < free_.size(); ++c) out.lambda[free_[c]] = chosen[c];

    // A curve of infinite λ is its line: one column in place of its terms.
    std::vector<Eigen::VectorXd> columns;
    Index next = 0;
    for (std::size_t j = 0; j <= smooths_.size(); ++j) {
        const Index until = j < smooths_.size() ? smooths_[j].first : scaled.size();
        for (; next < until; ++next) columns.emplace_back(Eigen::VectorXd::Unit(scaled.size(), next));
        if (j == smooths_.size()) break;
        const Index count = smooths_[j].spline.terms();
        if (std::isinf(out.lambda[j])) {
            Eigen::VectorXd line = Eigen::VectorXd::Zero(scaled.size());
            line.segment(next, count) = smooths_[j].spline.line().normalized();
            columns.push_back(std::move(line));
        } else {
            for (Index i = 0; i < count; ++i) columns.emplace_back(Eigen::VectorXd::Unit(scaled.size(), next + i));
        }
        next += count;
    }
    Eigen::MatrixXd basis(scaled.size(), static_cast<Index>(columns.size()));
    for (std::size_t c = 0; c < columns.size(); ++c) basis.col(static_cast<Index>(c)) = columns[c];
    Eigen::MatrixXd whole = within_;
    for (std::size_t j = 0; j < smooths_.size(); ++j) {
        if (std::isfinite(out.lambda[j])) whole += out.lambda[j] * penalties_[j];
    }
    const Eigen::LDLT<Eigen::MatrixXd> factor(basis.transpose() * whole * basis);
    out.coefficients = basis * factor.solve(basis.transpose() * scaled);
    for (std::size_t j = 0; j < smooths_.size(); ++j) {
        const Eigen::MatrixXd penalty = basis.transpose() * penalties_[j] * basis;
        const double kept = static_cast<double>(smooths_[j].spline.terms());
        out.edf.push_back(std::isinf(out.lambda[j]) ? 1.0 : kept - out.lambda[j] * factor.solve(penalty).trace());
    }
    return out;
}

}  // namespace tare::stats
