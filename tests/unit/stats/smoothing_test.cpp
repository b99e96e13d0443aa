// The weights of curves' penalties against REML's criterion computed from rows, as that of a mixed model whose random
// effects are what the penalty weighs: one curve, two, a straight line, given weights, none.
#include "../../../src/stats/smoothing.hpp"

#include <Eigen/Dense>
#include <cmath>

#include <catch2/catch.hpp>

#include "tare/base/rng.hpp"

using namespace tare;
using base::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using stats::SmoothFit;
using stats::SmoothSolver;
using stats::SmoothTerm;
using stats::Spline;

namespace {

constexpr Index sites = 3;

/// Rows with a plain covariate and one or two curves behind it; the covariate of the first may have two values alone.
struct Rows {
    MatrixXd sites_of;  ///< indicators
    MatrixXd codes;
    std::vector<SmoothTerm> smooths;
    MatrixXd within;

    Rows(Index n, std::vector<Spline> splines, std::uint64_t seed, bool two_values = false) {
        base::Rng rng(seed);
        Index terms = 1;
        for (Spline& spline : splines) {
            spline.low = 20.0;
            spline.high = 80.0;
            smooths.push_back({"x" + std::to_string(smooths.size()), terms, spline});
            terms += spline.terms();
        }
        sites_of = MatrixXd::Zero(n, sites);
        codes = MatrixXd(n, terms);
        x = MatrixXd(n, static_cast<Index>(splines.size()));
        for (Index i = 0; i < n; ++i) {
            sites_of(i, i % sites) = 1.0;
            codes(i, 0) = rng.normal();
            for (std::size_t j = 0; j < smooths.size(); ++j) {
                x(i, static_cast<Index>(j)) = rng.uniform(20.0 + 5.0 * static_cast<double>(i % sites), 80.0);
                if (two_values && j == 0) x(i, 0) = rng.uniform(0.0, 1.0) < 0.5 ? 30.0 : 60.0;
                std::vector<double> code(static_cast<std::size_t>(smooths[j].spline.terms()));
                smooths[j].spline.code(x(i, static_cast<Index>(j)), code);
                for (std::size_t k = 0; k < code.size(); ++k) codes(i, smooths[j].first + static_cast<Index>(k)) = code[k];
            }
        }
        within = centred(codes).transpose() * centred(codes);
    }
    [[nodiscard]] MatrixXd centred(const MatrixXd& m) const {
        const VectorXd counts = sites_of.colwise().sum().transpose();
        return m - sites_of * (counts.cwiseInverse().asDiagonal() * (sites_of.transpose() * m));
    }
    [[nodiscard]] SmoothSolver solver() const { return {within, smooths, static_cast<double>(codes.rows()), sites}; }
    [[nodiscard]] SmoothFit fit(const VectorXd& y) const {
        const VectorXd own = centred(y);
        return solver().fit(centred(codes).transpose() * own, own.squaredNorm());
    }
    [[nodiscard]] MatrixXd penalty(std::size_t j) const {
        MatrixXd out = MatrixXd::Zero(codes.cols(), codes.cols());
        const Index count = smooths[j].spline.terms();
        out.block(smooths[j].first, smooths[j].first, count, count) = smooths[j].spline.penalty();
        return out;
    }
    /// β that makes the sum of squares and penalties smallest, over the rows and their site indicators.
    [[nodiscard]] VectorXd penalised_least_squares(const VectorXd& y, const std::vector<double>& lambda) const {
        MatrixXd design(codes.rows(), sites + codes.cols());
        design << sites_of, codes;
        MatrixXd whole = design.transpose() * design;
        for (std::size_t j = 0; j < smooths.size(); ++j)
            whole.bottomRightCorner(codes.cols(), codes.cols()) += lambda[j] * penalty(j);
        return whole.fullPivLu().solve(design.transpose() * y).tail(codes.cols());
    }
    /// −2 × the restricted log-likelihood, but for a constant, of y ~ N(Xβ, σ²(1 + Σ UⱼWⱼUⱼᵀ/λⱼ)), σ² profiled out.
    [[nodiscard]] double criterion(const VectorXd& y, const std::vector<double>& lambda) const {
        const Index n = codes.rows(), curves = static_cast<Index>(smooths.size());
        MatrixXd fixed(n, sites + 1 + curves);
        fixed << sites_of, codes.col(0), MatrixXd::Zero(n, curves);
        MatrixXd variance = MatrixXd::Identity(n, n);
        for (std::size_t j = 0; j < smooths.size(); ++j) {
            const Index count = smooths[j].spline.terms();
            const MatrixXd own = codes.middleCols(smooths[j].first, count);
            fixed.col(sites + 1 + static_cast<Index>(j)) = own * smooths[j].spline.line();
            const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(smooths[j].spline.penalty());
            const MatrixXd random = own * eigen.eigenvectors().rightCols(count - 1);
            const VectorXd weights = eigen.eigenvalues().tail(count - 1).cwiseInverse() / lambda[j];
            variance += random * weights.asDiagonal() * random.transpose();
        }
        const Eigen::LLT<MatrixXd> factor(variance);
        const MatrixXd solved = factor.solve(fixed), information = fixed.transpose() * solved;
        const VectorXd beta = information.ldlt().solve(solved.transpose() * y), residual = y - fixed * beta;
        const double squares = residual.dot(factor.solve(residual));
        return static_cast<double>(n - fixed.cols()) * std::log(squares) +
               2.0 * MatrixXd(factor.matrixL()).diagonal().array().log().sum() +
               Eigen::LDLT<MatrixXd>(information).vectorD().array().log().sum();
    }

    MatrixXd x;
};

/// sites differ, the plain covariate counts, and the curves are those given.
VectorXd values(const Rows& rows, base::Rng& rng, double noise, double bend_first, double bend_second = 0.0) {
    VectorXd y(rows.codes.rows());
    for (Index i = 0; i < y.size(); ++i) {
        y(i) = static_cast<double>(i % sites) + 0.4 * rows.codes(i, 0) + 0.02 * rows.x(i, 0) +
               bend_first * std::sin(rows.x(i, 0) / 9.0) + noise * rng.normal();
        if (rows.x.cols() > 1) y(i) += bend_second * std::pow((rows.x(i, 1) - 50.0) / 30.0, 2);
    }
    return y;
}

/// The log λ of one curve that makes the criterion smallest: a grid, then thirds. Infinite where it falls to the grid's end.
double best_log_lambda(const Rows& rows, const VectorXd& y) {
    const auto at = [&](double rho) { return rows.criterion(y, {std::exp(rho)}); };
    double best = -14.0, smallest = at(best);
    for (double rho = -13.5; rho <= 16.0; rho += 0.5) {
        const double value = at(rho);
        if (value < smallest) smallest = value, best = rho;
    }
    if (best == 16.0) return INFINITY;
    double low = best - 0.5, high = best + 0.5;
    for (int i = 0; i < 60; ++i) {
        const double a = low + (high - low) / 3.0, b = high - (high - low) / 3.0;
        if (at(a) < at(b))
            high = b;
        else
            low = a;
    }
    return 0.5 * (low + high);
}

}  // namespace

TEST_CASE("the weight of one curve is where REML's criterion is smallest") {
    const Rows rows(90, {{8}}, 3);
    base::Rng rng(4);
    for (const double bend : {0.3, 0.8, 2.0}) {
        for (const double noise : {0.3, 1.0}) {
            const VectorXd y = values(rows, rng, noise, bend);
            const SmoothFit fit = rows.fit(y);
            const double expected = best_log_lambda(rows, y);
            INFO("bend " << bend << ", noise " << noise << ", log lambda " << expected);
            if (std::isinf(expected)) {
                CHECK(std::isinf(fit.lambda[0]));
                continue;
            }
            CHECK(std::log(fit.lambda[0]) == Approx(expected).margin(1e-5));
            const VectorXd beta = rows.penalised_least_squares(y, fit.lambda);
            CHECK((rows.codes * (fit.coefficients - beta)).cwiseAbs().maxCoeff() < 1e-9);
            const MatrixXd whole = rows.within + fit.lambda[0] * rows.penalty(0);
            const double traced = (whole.ldlt().solve(rows.within)).diagonal().tail(7).sum();
            CHECK(fit.edf[0] == Approx(traced).epsilon(1e-8));
            CHECK(fit.edf[0] > 1.0);
            CHECK(fit.edf[0] < 7.0);
        }
    }
}

TEST_CASE("a straight line is found wherever the criterion has its smallest value at infinity, and nowhere else") {
    const Rows rows(60, {{7}}, 5);
    base::Rng rng(6);
    int lines = 0, curves = 0;
    for (int trial = 0; trial < 24; ++trial) {
        const VectorXd y = values(rows, rng, 1.0, 0.0);
        const SmoothFit fit = rows.fit(y);
        const double expected = best_log_lambda(rows, y);
        INFO("log lambda " << expected << ", found " << std::log(fit.lambda[0]));
        // At λ = e¹⁶ the curve's last share of bend is below what the grid can tell from a line.
        CHECK(std::isinf(fit.lambda[0]) == std::isinf(expected));
        if (!std::isinf(fit.lambda[0])) {
            ++curves;
            continue;
        }
        ++lines;
        CHECK(fit.edf[0] == 1.0);
        MatrixXd design(60, sites + 2);
        design << rows.sites_of, rows.codes.col(0), rows.x;
        const VectorXd beta = design.colPivHouseholderQr().solve(y);
        const VectorXd ours = rows.centred(rows.codes * fit.coefficients);
        const VectorXd expected_curve = rows.centred(design.rightCols(2) * beta.tail(2));
        CHECK((ours - expected_curve).cwiseAbs().maxCoeff() < 1e-9);
    }
    CHECK(lines >= 6);
    CHECK(curves >= 3);
}

TEST_CASE("the weights of two curves are where REML's criterion is smallest") {
    const Rows rows(80, {{7}, {6}}, 7);
    base::Rng rng(8);
    for (const auto& [first, second] : {std::pair(0.8, 0.8), std::pair(2.0, 0.4), std::pair(0.5, 2.0)}) {
        const VectorXd y = values(rows, rng, 0.5, first, second);
        const SmoothFit fit = rows.fit(y);
        const double found = rows.criterion(y, {std::min(fit.lambda[0], 1e9), std::min(fit.lambda[1], 1e9)});
        INFO("lambda " << fit.lambda[0] << ", " << fit.lambda[1]);
        double smallest = INFINITY;
        for (double a = -9.0; a <= 15.0; a += 1.0) {
            for (double b = -9.0; b <= 15.0; b += 1.0)
                smallest = std::min(smallest, rows.criterion(y, {std::exp(a), std::exp(b)}));
        }
        CHECK(found <= smallest + 1e-6);
        CHECK(found > smallest - 1.0);
        for (std::size_t j = 0; j < 2; ++j) {
            if (std::isinf(fit.lambda[j])) continue;
            for (const double step : {-0.02, 0.02}) {
                std::vector<double> moved = fit.lambda;
                moved[j] *= std::exp(step);
                moved[1 - j] = std::min(moved[1 - j], 1e9);
                CHECK(rows.criterion(y, moved) > found);
            }
        }
        std::vector<double> given = fit.lambda;
        for (double& lambda : given) lambda = std::min(lambda, 1e9);
        CHECK((rows.codes * (fit.coefficients - rows.penalised_least_squares(y, given))).cwiseAbs().maxCoeff() < 1e-6);
    }
}

TEST_CASE("a given weight is kept, beside a curve of its own weight too, and 0 is plain least squares") {
    base::Rng rng(9);
    for (const double lambda : {0.0, 0.7, 250.0}) {
        const Rows rows(70, {{8, 0.0, 0.0, lambda}}, 10);
        const VectorXd y = values(rows, rng, 0.5, 1.0);
        const SmoothFit fit = rows.fit(y);
        CHECK(fit.lambda[0] == lambda);
        const VectorXd beta = rows.penalised_least_squares(y, {lambda});
        CHECK((rows.codes * (fit.coefficients - beta)).cwiseAbs().maxCoeff() < 1e-9);
        const MatrixXd whole = rows.within + lambda * rows.penalty(0);
        CHECK(fit.edf[0] == Approx(whole.ldlt().solve(rows.within).diagonal().tail(7).sum()).epsilon(1e-8));
    }
    const Rows mixed(70, {{7, 0.0, 0.0, 2.0}, {7}}, 11);
    const VectorXd y = values(mixed, rng, 0.5, 1.0, 1.0);
    const SmoothFit fit = mixed.fit(y);
    CHECK(fit.lambda[0] == 2.0);
    REQUIRE(std::isfinite(fit.lambda[1]));
    const auto at = [&](double lambda) { return mixed.criterion(y, {2.0, lambda}); };
    CHECK(at(fit.lambda[1] * 1.03) > at(fit.lambda[1]));
    CHECK(at(fit.lambda[1] / 1.03) > at(fit.lambda[1]));
    CHECK((mixed.codes * (fit.coefficients - mixed.penalised_least_squares(y, fit.lambda))).cwiseAbs().maxCoeff() < 1e-9);
}

TEST_CASE("a curve over two values is a straight line, alone and beside another") {
    base::Rng rng(14);
    for (const bool alone : {true, false}) {
        const Rows rows(70, alone ? std::vector<Spline>{{8}} : std::vector<Spline>{{8}, {7}}, 15, true);
        const VectorXd y = values(rows, rng, 0.3, 1.0, 1.0);
        const SmoothFit fit = rows.fit(y);
        INFO(alone);
        CHECK(std::isinf(fit.lambda[0]));
        CHECK(fit.edf[0] == 1.0);
        // Of its line the coefficients are a multiple.
        const VectorXd line = rows.smooths[0].spline.line(), own = fit.coefficients.segment(1, line.size());
        CHECK((own - line * (own.dot(line) / line.squaredNorm())).norm() < 1e-9 * own.norm());
        std::vector<double> chosen = fit.lambda;
        chosen[0] = 1.0;  // Whatever it is, the values are fitted alike.
        CHECK((rows.codes * (fit.coefficients - rows.penalised_least_squares(y, chosen))).cwiseAbs().maxCoeff() < 1e-9);
        if (alone) continue;
        REQUIRE(std::isfinite(fit.lambda[1]));
        const auto at = [&](double lambda) { return rows.criterion(y, {1.0, lambda}); };
        CHECK(at(fit.lambda[1] * 1.03) > at(fit.lambda[1]));
        CHECK(at(fit.lambda[1] / 1.03) > at(fit.lambda[1]));
    }
}

TEST_CASE("a curve follows values without noise") {
    const Rows rows(60, {{9}}, 12);
    VectorXd coefficients = VectorXd::Zero(rows.codes.cols());
    base::Rng rng(13);
    for (double& v : coefficients) v = rng.normal();
    const VectorXd y = rows.codes * coefficients + rows.sites_of * Eigen::Vector3d(1.0, -2.0, 5.0);
    const SmoothFit fit = rows.fit(y);
    CHECK((rows.codes * (fit.coefficients - coefficients)).cwiseAbs().maxCoeff() < 1e-4);
}
