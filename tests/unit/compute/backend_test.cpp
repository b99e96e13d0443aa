// The batched operations against direct formulas.
#include "tare/compute/backend.hpp"

#include <Eigen/Dense>
#include <cmath>
#include <limits>
#include <numeric>

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
    std::vector<std::vector<Index>> site_rows;

    [[nodiscard]] std::vector<Index> all_features() const {
        std::vector<Index> all(static_cast<std::size_t>(values.columns()));
        std::iota(all.begin(), all.end(), Index{0});
        return all;
    }
};

Problem problem(Index n, Index features, Index terms) {
    base::Rng rng(4);
    Problem out{Matrix<double>(n, features), Matrix<double>(n, terms), std::vector<std::vector<Index>>(2)};
    for (Index i = 0; i < n; ++i) {
        for (Index j = 0; j < terms; ++j) out.codes(i, j) = 50.0 + 10.0 * rng.normal();
        for (Index f = 0; f < features; ++f) out.values(i, f) = 1e6 + 0.1 * out.codes(i, 0) + rng.normal();
        out.site_rows[static_cast<std::size_t>(i % 2)].push_back(i);
    }
    return out;
}

template <typename T>
std::vector<const T*> pointers(const Matrix<T>& values, std::span<const Index> rows) {
    std::vector<const T*> out;
    for (const Index row : rows) out.push_back(values.data() + row * values.columns());
    return out;
}

/// The moments of both sites, `step` subjects at a time.
template <typename T>
compute::FeatureMoments accumulated(const Problem& p, const Matrix<T>& values, int threads, std::size_t step,
                                    std::span<const Index> columns = {}) {
    const Index terms = p.codes.columns(), features = values.columns();
    compute::FeatureMoments out{Matrix<double>(2, features), Matrix<double>(2 * terms, features),
                                Matrix<double>(2, features)};
    const auto backend = compute::make_cpu_backend(threads);
    for (Index s = 0; s < 2; ++s) {
        const std::vector<Index>& rows = p.site_rows[static_cast<std::size_t>(s)];
        compute::SiteAccumulation site{
            0, {}, out.mean.row(s), out.squares.row(s), out.cross_products.row_block(s * terms, terms)};
        for (std::size_t first = 0; first < rows.size(); first += step) {
            const auto some = std::span(rows).subspan(first, std::min(step, rows.size() - first));
            const base::RowPointers cells = pointers(values, some);
            backend->accumulate({cells, some, p.codes}, columns, site);
        }
        CHECK(site.n == static_cast<Index>(rows.size()));
    }
    return out;
}

bool equal(const compute::FeatureMoments& a, const compute::FeatureMoments& b) {
    return a.mean == b.mean && a.squares == b.squares && a.cross_products == b.cross_products;
}

compute::SiteEstimates estimates(const std::vector<double>& n, const std::vector<double>& gamma,
                                 const std::vector<double>& delta, const std::vector<Shrinkage>& shrinkage) {
    return {n, gamma, delta, shrinkage};
}

}  // namespace

TEST_CASE("accumulate gives the centred moments, whatever the threads") {
    const Problem p = problem(101, 300, 2);  // several chunks, several tiles, uneven ends
    const compute::FeatureMoments one = accumulated(p, p.values, 1, 1000);
    CHECK(equal(one, accumulated(p, p.values, 3, 1000)));
    CHECK(equal(one, accumulated(p, p.values, 2, 16)));
    CHECK(equal(one, accumulated(p, p.values, 1, 32)));
    for (Index s = 0; s < 2; ++s) {
        const std::vector<Index>& rows = p.site_rows[static_cast<std::size_t>(s)];
        for (const Index f : {Index{0}, Index{127}, Index{128}, Index{299}}) {
            long double mean = 0, code_mean = 0, squares = 0, cross = 0;
            const auto n = static_cast<long double>(rows.size());
            for (const Index i : rows) {
                mean += static_cast<long double>(p.values(i, f)) / n;
                code_mean += static_cast<long double>(p.codes(i, 1)) / n;
            }
            for (const Index i : rows) {
                const long double d = static_cast<long double>(p.values(i, f)) - mean;
                squares += d * d;
                cross += d * (static_cast<long double>(p.codes(i, 1)) - code_mean);
            }
            CHECK(one.mean(s, f) == Approx(static_cast<double>(mean)).epsilon(1e-14));
            CHECK(one.squares(s, f) == Approx(static_cast<double>(squares)).epsilon(1e-9));
            CHECK(one.cross_products(s * 2 + 1, f) == Approx(static_cast<double>(cross)).epsilon(1e-8));
        }
    }
}

TEST_CASE("accumulate takes single precision, and some columns alone, as it takes the same numbers otherwise") {
    const Problem p = problem(50, 200, 1);
    Matrix<float> single(50, 200);
    Matrix<double> same(50, 200);
    for (Index i = 0; i < single.size(); ++i) {
        single.data()[i] = static_cast<float>(p.values.data()[i]);
        same.data()[i] = static_cast<double>(single.data()[i]);
    }
    const compute::FeatureMoments whole = accumulated(p, same, 1, 1000);
    CHECK(equal(whole, accumulated(p, single, 2, 16)));
    const std::vector<Index> some{0, 3, 4, 150, 199};
    const compute::FeatureMoments chosen = accumulated(p, single, 1, 1000, some);
    for (const Index f : some) CHECK(chosen.cross_products(1, f) == whole.cross_products(1, f));
    CHECK(chosen.mean(0, 1) == 0.0);
}

TEST_CASE("solve gives ordinary least squares with a mean for every site") {
    const Problem p = problem(60, 5, 2);
    const auto backend = compute::make_cpu_backend(2);
    const compute::FeatureMoments moments = accumulated(p, p.values, 1, 1000);
    compute::SharedDesign design{p.all_features(), Matrix<double>(2, 2), Matrix<double>(4, 2), Matrix<double>(2, 2),
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
    const Matrix<double> coefficients = backend->solve(moments, 2, 2, std::span(&design, 1));
    const compute::SiteResiduals left = backend->residuals(moments, 2, std::span(&design, 1), coefficients);
    for (Index f = 0; f < 5; ++f) {
        Eigen::VectorXd y(60);
        for (Index i = 0; i < 60; ++i) y(i) = p.values(i, f) - 1e6;  // so that QR keeps the digits
        const Eigen::VectorXd expected = full.colPivHouseholderQr().solve(y);
        CHECK(coefficients(0, f) == Approx(expected(2)).epsilon(1e-8));
        CHECK(coefficients(1, f) == Approx(expected(3)).margin(1e-8));
        CHECK(left.site_mean(0, f) == Approx(expected(0) + 1e6).epsilon(1e-12));
        const Eigen::VectorXd residual = y - full * expected;
        double squares = 0.0;
        for (Index i = 1; i < 60; i += 2) squares += residual(i) * residual(i);
        CHECK(left.residual_squares(1, f) == Approx(squares).epsilon(1e-8));
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
    const std::size_t features = GENERATE(2U, 4U, 8U, 21U);
    std::vector<double> gamma, delta;
    for (std::size_t f = 0; f < features; ++f) {
        gamma.push_back(std::sin(3.0 * static_cast<double>(f)));
        delta.push_back(1.0 + 0.4 * std::cos(2.0 * static_cast<double>(f)));
    }
    const std::vector<double> n(features, 9.0);
    const std::vector<Shrinkage> shrinkage(features, Shrinkage::location_scale);
    const auto found = compute::make_cpu_backend(2)->shrink_nonparametric(estimates(n, gamma, delta, shrinkage));
    for (std::size_t f = 0; f < features; ++f) {
        double total = 0, g = 0, d = 0;
        for (std::size_t h = 0; h < features; ++h) {
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

TEST_CASE("adjust is the formula, and leaves idle cells to the bit") {
    Matrix<double> values(2, 2);
    const double odd = 0.1 + 0.2;
    values(0, 0) = 5.0;
    values(0, 1) = odd;
    values(1, 0) = NAN;
    values(1, 1) = odd;
    Matrix<double> codes(2, 1);
    codes(0, 0) = codes(1, 0) = 2.0;
    const std::vector<double> grand_mean{4.0, 1.0 / 3.0};
    Matrix<double> beta(1, 2);
    beta(0, 0) = 0.5;
    beta(0, 1) = 0.7;
    const double sigma = 2.0, gamma = 0.3, delta = 1.44;
    const std::vector<double> scale_change{1 / std::sqrt(delta) - 1, 0.0}, shift{sigma * gamma / std::sqrt(delta), 0.0};
    const std::vector<Index> rows{0, 1};
    const base::RowPointers before = pointers(values, rows);
    Matrix<double> after(2, 2);
    const std::vector<double*> targets{after.row(0).data(), after.row(1).data()};
    compute::make_cpu_backend(1)->adjust({before, rows, codes}, {grand_mean, beta, scale_change, shift}, targets);
    const double z = (5.0 - 4.0 - 1.0) / sigma;
    CHECK(after(0, 0) == Approx(sigma * (z - gamma) / std::sqrt(delta) + 4.0 + 1.0).epsilon(1e-14));
    CHECK(after(0, 1) == odd);
    CHECK(std::isnan(after(1, 0)));
    CHECK(values(0, 0) == 5.0);

    // Many subjects, several threads, in place and in single precision: each value as by itself.
    const Problem p = problem(40, 700, 1);
    Matrix<float> single(40, 700);
    for (Index i = 0; i < single.size(); ++i) single.data()[i] = static_cast<float>(p.values.data()[i]);
    const std::vector<double> alpha(700, 1e6), change(700, -0.25), shifted(700, 3.0);
    Matrix<double> slope(1, 700, 0.1);
    std::vector<Index> all(40);
    std::iota(all.begin(), all.end(), Index{0});
    std::vector<float*> in_place;
    Matrix<float> adjusted = single;
    for (const Index i : all) in_place.push_back(adjusted.row(i).data());
    const base::RowPointers same = std::vector<const float*>(in_place.begin(), in_place.end());
    compute::make_cpu_backend(3)->adjust({same, all, p.codes}, {alpha, slope, change, shifted}, in_place);
    for (const Index i : {Index{0}, Index{39}}) {
        for (const Index f : {Index{0}, Index{128}, Index{699}}) {
            const double y = static_cast<double>(single(i, f));
            const double expected = 1e6 + p.codes(i, 0) * 0.1;
            CHECK(adjusted(i, f) == static_cast<float>(y + (-0.25 * (y - expected) - 3.0)));
        }
    }
}
