// The batched operations against direct formulas.
#include "tare/compute/backend.hpp"

#include <Eigen/Dense>
#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

#include "support/small_cohort.hpp"

using namespace tare;
using compute::Index;
using compute::Matrix;
using compute::Shrinkage;

namespace {

/// Random values with a large mean, and codes, for rows 0..n-1 of two sites.
struct Problem {
    Matrix<double> values, codes;
    compute::ObservedRows group;
};

Problem problem(Index n, Index features, Index terms) {
    base::Rng rng(4);
    Problem out{Matrix<double>(n, features), Matrix<double>(n, terms), {{}, {}, {0}}};
    for (Index i = 0; i < n; ++i) {
        for (Index j = 0; j < terms; ++j) out.codes(i, j) = 50.0 + 10.0 * rng.normal();
        for (Index f = 0; f < features; ++f) out.values(i, f) = 1e6 + 0.1 * out.codes(i, 0) + rng.normal();
    }
    for (Index f = 0; f < features; ++f) out.group.columns.push_back(f);
    for (Index site = 0; site < 2; ++site) {
        for (Index i = site; i < n; i += 2) out.group.rows.push_back(i);
        out.group.site_begin.push_back(static_cast<Index>(out.group.rows.size()));
    }
    return out;
}

compute::SiteEstimates estimates(const std::vector<double>& n, const std::vector<double>& gamma,
                                 const std::vector<double>& delta, const std::vector<Shrinkage>& shrinkage) {
    return {n, gamma, delta, shrinkage};
}

}  // namespace

TEST_CASE("accumulate gives the centred moments, whatever the threads") {
    const Problem p = problem(101, 300, 2);  // several chunks, several tiles, uneven ends
    const auto one = compute::make_cpu_backend(1)->accumulate(p.values, p.codes, 2, std::span(&p.group, 1));
    const auto three = compute::make_cpu_backend(3)->accumulate(p.values, p.codes, 2, std::span(&p.group, 1));
    CHECK(one.mean == three.mean);
    CHECK(one.squares == three.squares);
    CHECK(one.cross_products == three.cross_products);
    for (Index s = 0; s < 2; ++s) {
        const auto begin = static_cast<std::size_t>(p.group.site_begin[static_cast<std::size_t>(s)]);
        const auto end = static_cast<std::size_t>(p.group.site_begin[static_cast<std::size_t>(s) + 1]);
        for (const Index f : {Index{0}, Index{127}, Index{128}, Index{299}}) {
            long double mean = 0, code_mean = 0, squares = 0, cross = 0;
            const auto n = static_cast<long double>(end - begin);
            for (std::size_t i = begin; i < end; ++i) {
                mean += static_cast<long double>(p.values(p.group.rows[i], f)) / n;
                code_mean += static_cast<long double>(p.codes(p.group.rows[i], 1)) / n;
            }
            for (std::size_t i = begin; i < end; ++i) {
                const long double d = static_cast<long double>(p.values(p.group.rows[i], f)) - mean;
                squares += d * d;
                cross += d * (static_cast<long double>(p.codes(p.group.rows[i], 1)) - code_mean);
            }
            CHECK(one.mean(s, f) == Approx(static_cast<double>(mean)).epsilon(1e-14));
            CHECK(one.squares(s, f) == Approx(static_cast<double>(squares)).epsilon(1e-9));
            CHECK(one.cross_products(s * 2 + 1, f) == Approx(static_cast<double>(cross)).epsilon(1e-8));
        }
    }
}

TEST_CASE("solve gives ordinary least squares with a mean for every site") {
    const Problem p = problem(60, 5, 2);
    const auto backend = compute::make_cpu_backend(2);
    const auto moments = backend->accumulate(p.values, p.codes, 2, std::span(&p.group, 1));
    compute::SharedDesign design{p.group.columns, Matrix<double>(2, 2), Matrix<double>(4, 2), Matrix<double>(2, 2),
                                 std::vector<double>(2)};
    Eigen::Matrix2d within = Eigen::Matrix2d::Zero();
    Eigen::MatrixXd full = Eigen::MatrixXd::Zero(60, 4);
    for (Index s = 0; s < 2; ++s) {
        Eigen::Vector2d mean = Eigen::Vector2d::Zero();
        for (Index i = s; i < 60; i += 2) mean += Eigen::Vector2d(p.codes(i, 0), p.codes(i, 1)) / 30.0;
        for (Index i = s; i < 60; i += 2) {
            const Eigen::Vector2d d = Eigen::Vector2d(p.codes(i, 0), p.codes(i, 1)) - mean;
            within += d * d.transpose();
            for (Index a = 0; a < 2; ++a) {
                for (Index b = 0; b < 2; ++b) design.scatter(s * 2 + a, b) += d(a) * d(b);
            }
            full(i, s) = 1.0;
            full(i, 2) = p.codes(i, 0);
            full(i, 3) = p.codes(i, 1);
        }
        design.covariate_mean(s, 0) = mean(0);
        design.covariate_mean(s, 1) = mean(1);
    }
    const Eigen::Vector2d scale = within.diagonal().cwiseSqrt();
    const Eigen::Matrix2d factor =
        (scale.cwiseInverse().asDiagonal() * within * scale.cwiseInverse().asDiagonal()).eval().llt().matrixL();
    for (Index a = 0; a < 2; ++a) {
        design.scale[static_cast<std::size_t>(a)] = scale(a);
        for (Index b = 0; b <= a; ++b) design.factor(a, b) = factor(a, b);
    }
    const auto solved = backend->solve(moments, 2, 2, std::span(&design, 1));
    for (Index f = 0; f < 5; ++f) {
        Eigen::VectorXd y(60);
        for (Index i = 0; i < 60; ++i) y(i) = p.values(i, f) - 1e6;  // so that QR keeps the digits
        const Eigen::VectorXd expected = full.colPivHouseholderQr().solve(y);
        CHECK(solved.coefficients(0, f) == Approx(expected(2)).epsilon(1e-8));
        CHECK(solved.coefficients(1, f) == Approx(expected(3)).margin(1e-8));
        CHECK(solved.site_mean(0, f) == Approx(expected(0) + 1e6).epsilon(1e-12));
        const Eigen::VectorXd residual = y - full * expected;
        double squares = 0.0;
        for (Index i = 1; i < 60; i += 2) squares += residual(i) * residual(i);
        CHECK(solved.residual_squares(1, f) == Approx(squares).epsilon(1e-8));
    }
}

TEST_CASE("parametric shrinkage ends in the fixed point of its two equations") {
    const std::vector<double> n{30, 30, 30, 1, 30}, gamma{0.5, -0.7, 1e-9, 0.3, 2.0}, delta{0.8, 1.4, 1.0, NAN, 1.0};
    const std::vector<Shrinkage> shrinkage{Shrinkage::location_scale, Shrinkage::location_scale, Shrinkage::location_scale,
                                           Shrinkage::location, Shrinkage::none};
    const compute::SitePrior prior{0.1, 0.2, 6.0, 5.0};
    const auto found = compute::make_cpu_backend(2)->shrink_parametric(estimates(n, gamma, delta, shrinkage), prior,
                                                                       compute::StopRule::each_feature);
    CHECK(found.not_converged == 0);
    for (std::size_t f = 0; f < 3; ++f) {
        const double g = found.gamma_star[f], d = found.delta_star[f];
        CHECK(g == Approx((0.2 * n[f] * gamma[f] + d * 0.1) / (0.2 * n[f] + d)).epsilon(1e-11));
        const double squares = (n[f] - 1) * delta[f] + n[f] * (gamma[f] - g) * (gamma[f] - g);
        CHECK(d == Approx((0.5 * squares + 5.0) / (n[f] / 2 + 6.0 - 1)).epsilon(1e-11));
    }
    CHECK(found.gamma_star[3] == Approx((0.2 * 0.3 + 0.1) / 1.2));
    CHECK(found.delta_star[3] == 1.0);
    CHECK(found.gamma_star[4] == 2.0);
    CHECK(found.delta_star[4] == 1.0);
}

TEST_CASE("the peers' stop rule stops all features together, and early") {
    const std::vector<double> n(3, 12.0), gamma{0.5, 0.7, 0.2}, delta{0.8, 1.4, 1.0};
    const std::vector<Shrinkage> shrinkage(3, Shrinkage::location_scale);
    const compute::SitePrior prior{0.1, 0.2, 6.0, 5.0};
    const auto backend = compute::make_cpu_backend(1);
    const auto together =
        backend->shrink_parametric(estimates(n, gamma, delta, shrinkage), prior, compute::StopRule::all_together);
    const auto own =
        backend->shrink_parametric(estimates(n, gamma, delta, shrinkage), prior, compute::StopRule::each_feature);
    for (std::size_t f = 0; f < 3; ++f) {
        CHECK(together.gamma_star[f] == Approx(own.gamma_star[f]).epsilon(1e-3));
        CHECK(together.gamma_star[f] != own.gamma_star[f]);
    }
}

TEST_CASE("a prior without spread gives the common variance") {
    const std::vector<double> n(2, 20.0), gamma{0.5, 0.1}, delta{0.9, 0.9};
    const std::vector<Shrinkage> shrinkage(2, Shrinkage::location_scale);
    const auto found = compute::make_cpu_backend(1)->shrink_parametric(
        estimates(n, gamma, delta, shrinkage), {0.3, 0.08, std::numeric_limits<double>::infinity(), 0.9},
        compute::StopRule::each_feature);
    CHECK(found.delta_star == std::vector<double>{0.9, 0.9});
    CHECK(found.gamma_star[0] == Approx((0.08 * 20 * 0.5 + 0.9 * 0.3) / (0.08 * 20 + 0.9)));
}

TEST_CASE("non-parametric shrinkage is the likelihood-weighted mean of the others") {
    const std::vector<double> n(4, 9.0), gamma{0.5, -0.2, 0.1, 0.4}, delta{0.8, 1.4, 1.0, 1.1};
    const std::vector<Shrinkage> shrinkage(4, Shrinkage::location_scale);
    const auto found = compute::make_cpu_backend(2)->shrink_nonparametric(estimates(n, gamma, delta, shrinkage));
    for (std::size_t f = 0; f < 4; ++f) {
        double total = 0, g = 0, d = 0;
        for (std::size_t h = 0; h < 4; ++h) {
            if (h == f) continue;
            const double squares = 8.0 * delta[f] + 9.0 * (gamma[f] - gamma[h]) * (gamma[f] - gamma[h]);
            const double weight = std::pow(2 * M_PI * delta[h], -4.5) * std::exp(-squares / (2 * delta[h]));
            total += weight;
            g += weight * gamma[h];
            d += weight * delta[h];
        }
        CHECK(found.gamma_star[f] == Approx(g / total).epsilon(1e-12));
        CHECK(found.delta_star[f] == Approx(d / total).epsilon(1e-12));
    }
}

TEST_CASE("non-parametric shrinkage stays finite where the peers' weights underflow") {
    const std::vector<double> n(3, 5000.0), gamma{0.5, -0.2, 0.1}, delta{0.8, 1.4, 1.0};
    const std::vector<Shrinkage> shrinkage(3, Shrinkage::location_scale);
    const auto found = compute::make_cpu_backend(1)->shrink_nonparametric(estimates(n, gamma, delta, shrinkage));
    for (std::size_t f = 0; f < 3; ++f) {
        CHECK(std::isfinite(found.gamma_star[f]));
        CHECK(found.delta_star[f] > 0.0);
    }
    CHECK(found.gamma_star[0] == Approx(0.1));  // the nearest by likelihood takes all the weight
}

TEST_CASE("adjust is the formula, leaves idle cells to the bit, and passes over rows without a site") {
    Matrix<double> values(3, 2);
    const double odd = 0.1 + 0.2;
    values(0, 0) = 5.0;
    values(0, 1) = odd;
    values(1, 0) = NAN;
    values(1, 1) = odd;
    values(2, 0) = 7.25;
    values(2, 1) = odd;
    Matrix<double> codes(3, 1);
    codes(0, 0) = codes(1, 0) = 2.0;
    const std::vector<double> grand_mean{4.0, 1.0 / 3.0};
    Matrix<double> beta(1, 2), scale_change(1, 2), shift(1, 2);
    beta(0, 0) = 0.5;
    beta(0, 1) = 0.7;
    const double sigma = 2.0, gamma = 0.3, delta = 1.44;
    scale_change(0, 0) = 1 / std::sqrt(delta) - 1;
    shift(0, 0) = sigma * gamma / std::sqrt(delta);
    const std::vector<Index> site{0, 0, -1};
    compute::make_cpu_backend(1)->adjust(values, codes, site, {grand_mean, beta, scale_change, shift});
    const double z = (5.0 - 4.0 - 1.0) / sigma;
    CHECK(values(0, 0) == Approx(sigma * (z - gamma) / std::sqrt(delta) + 4.0 + 1.0).epsilon(1e-14));
    CHECK(values(0, 1) == odd);
    CHECK(std::isnan(values(1, 0)));
    CHECK(values(2, 0) == 7.25);
}
