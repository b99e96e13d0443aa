// The restricted likelihood of repeated measurements: closed forms, dense matrices, the boundary, symmetries, the field.
#include "../../../src/stats/random_intercept.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <catch2/catch.hpp>

#include "reference_rows.hpp"
#include "tare/base/error.hpp"
#include "tare/base/rng.hpp"

using namespace tare;
using base::Index;
using base::Matrix;
using stats::RandomIntercept;
using stats::RandomInterceptFit;

namespace {

struct Sample {
    Matrix<double> codes;
    std::vector<Index> site, subject;
    Index sites = 4, subjects = 0;
    std::vector<double> y;

    [[nodiscard]] Index rows() const { return codes.rows(); }
    [[nodiscard]] RandomInterceptFit fitted() const { return RandomIntercept(codes, site, sites, subject, subjects).fit(y); }
};

/// One to four visits of each subject, who may change sites; age varies within subjects and sex does not; the third site
/// and the last subject have no row.
Sample sample(double spread_of_subjects, std::uint64_t seed = 5, Index people = 40) {
    base::Rng rng(seed);
    Sample out;
    std::vector<double> codes;
    for (Index s = 0; s < people; ++s) {
        const double sex = rng.uniform() < 0.5 ? 1.0 : 0.0, u = spread_of_subjects * rng.normal();
        double age = rng.uniform(20.0, 80.0);
        for (Index visit = 0; visit <= s % 4; ++visit) {
            const Index at = std::array<Index, 3>{0, 1, 3}[static_cast<std::size_t>((s + (s % 5 == 0 ? visit : 0)) % 3)];
            out.site.push_back(at);
            out.subject.push_back(s);
            codes.insert(codes.end(), {age, sex});
            out.y.push_back(3.0 - 0.02 * age + 0.4 * sex + 0.3 * static_cast<double>(at) + u + rng.normal());
            age += rng.uniform(0.5, 3.0);
        }
    }
    out.codes = Matrix<double>(2, std::move(codes));
    out.subjects = people + 1;
    return out;
}

/// k subjects of m rows at one site, without covariates.
Sample one_way(Index k, Index m, double spread_of_subjects, std::uint64_t seed) {
    base::Rng rng(seed);
    Sample out{Matrix<double>(k * m, 0), {}, {}, 1, k, {}};
    for (Index s = 0; s < k; ++s) {
        const double u = spread_of_subjects * rng.normal();
        for (Index visit = 0; visit < m; ++visit) {
            out.site.push_back(0);
            out.subject.push_back(s);
            out.y.push_back(100.0 + u + rng.normal());
        }
    }
    return out;
}

struct Anova {
    double grand = 0.0, between = 0.0, within = 0.0;  ///< mean squares
    std::vector<double> means;
};

Anova anova(const Sample& s) {
    Anova out;
    const auto k = static_cast<std::size_t>(s.subjects), m = s.y.size() / k;
    out.grand = test::mean(s.y);
    for (std::size_t i = 0; i < k; ++i) {
        const std::vector<double> own(s.y.begin() + static_cast<Index>(i * m),
                                      s.y.begin() + static_cast<Index>((i + 1) * m));
        out.means.push_back(test::mean(own));
        for (const double v : own) out.within += (v - out.means[i]) * (v - out.means[i]);
        out.between += static_cast<double>(m) * (out.means[i] - out.grand) * (out.means[i] - out.grand);
    }
    out.within /= static_cast<double>(k * (m - 1));
    out.between /= static_cast<double>(k - 1);
    return out;
}

struct Dense {
    double criterion = 0.0, variance = 0.0;
    Eigen::VectorXd beta;
};

/// −2 log restricted likelihood at a ratio by dense matrices, σ² profiled out; β is sites 0, 1, 3, age, sex.
Dense dense(const Sample& s, double ratio) {
    const Index n = s.rows();
    Eigen::MatrixXd x = Eigen::MatrixXd::Zero(n, 5), v = Eigen::MatrixXd::Identity(n, n);
    for (Index i = 0; i < n; ++i) {
        x(i, std::min<Index>(s.site[static_cast<std::size_t>(i)], 2)) = 1.0;
        x(i, 3) = s.codes(i, 0) - 50.0;
        x(i, 4) = s.codes(i, 1);
        for (Index j = 0; j < n; ++j) {
            if (s.subject[static_cast<std::size_t>(i)] == s.subject[static_cast<std::size_t>(j)]) v(i, j) += ratio;
        }
    }
    const Eigen::VectorXd y = Eigen::Map<const Eigen::VectorXd>(s.y.data(), n);
    const Eigen::LLT<Eigen::MatrixXd> inverse(v);
    const Eigen::LLT<Eigen::MatrixXd> information(x.transpose() * inverse.solve(x));
    Dense out;
    out.beta = information.solve(x.transpose() * inverse.solve(y));
    const Eigen::VectorXd r = y - x * out.beta;
    out.variance = r.dot(inverse.solve(r)) / static_cast<double>(n - 5);
    out.criterion = static_cast<double>(n - 5) * std::log(out.variance) +
                    2.0 * inverse.matrixLLT().diagonal().array().log().sum() +
                    2.0 * information.matrixLLT().diagonal().array().log().sum();
    out.beta.head(3).array() -= 50.0 * out.beta(3);
    return out;
}

void check_same(const RandomInterceptFit& a, const RandomInterceptFit& b, double margin) {
    CHECK(a.ratio == Approx(b.ratio).epsilon(1e-9).margin(1e-12));
    CHECK(a.residual_variance == Approx(b.residual_variance).epsilon(1e-10));
    CHECK(test::largest_difference(a.coefficients, b.coefficients) < margin);
    CHECK(test::largest_difference(a.site_intercept, b.site_intercept) < margin);
    CHECK(test::largest_difference(a.subject_effect, b.subject_effect) < margin);
}

/// x'β + site (+ û) of every row.
std::vector<double> fitted_values(const Sample& s, const RandomInterceptFit& fit, bool with_subjects) {
    std::vector<double> out;
    for (Index i = 0; i < s.rows(); ++i) {
        const auto row = static_cast<std::size_t>(i);
        double value = fit.site_intercept[static_cast<std::size_t>(s.site[row])];
        for (Index j = 0; j < s.codes.columns(); ++j) value += s.codes(i, j) * fit.coefficients[static_cast<std::size_t>(j)];
        out.push_back(value + (with_subjects ? fit.subject_effect[static_cast<std::size_t>(s.subject[row])] : 0.0));
    }
    return out;
}

}  // namespace

TEST_CASE("a balanced one-way layout gives the estimates of the analysis of variance") {
    for (const Index m : {2, 3, 5}) {
        const Sample s = one_way(12, m, 1.5, 11);
        const Anova expected = anova(s);
        REQUIRE(expected.between > expected.within);
        const RandomInterceptFit fit = s.fitted();
        const auto rows = static_cast<double>(m);
        const double ratio = (expected.between / expected.within - 1.0) / rows;
        CHECK(fit.ratio == Approx(ratio).epsilon(1e-11));
        CHECK(fit.residual_variance == Approx(expected.within).epsilon(1e-11));
        CHECK(fit.site_intercept[0] == Approx(expected.grand).epsilon(1e-14));
        for (std::size_t i = 0; i < expected.means.size(); ++i) {
            CHECK(fit.subject_effect[i] ==
                  Approx(rows * ratio / (1.0 + rows * ratio) * (expected.means[i] - expected.grand)).margin(1e-11));
        }
    }
}

TEST_CASE("subjects that differ less than chance lets them have no variance") {
    Sample s = one_way(12, 3, 0.0, 11);
    // Every subject's mean is brought near the grand mean.
    const Anova before = anova(s);
    for (std::size_t i = 0; i < s.y.size(); ++i) s.y[i] -= 0.9 * (before.means[i / 3] - before.grand);
    const Anova now = anova(s);
    REQUIRE(now.between < now.within);
    const RandomInterceptFit fit = s.fitted();
    CHECK(fit.ratio == 0.0);
    CHECK(fit.residual_variance == Approx((11.0 * now.between + 24.0 * now.within) / 35.0).epsilon(1e-12));
    CHECK(std::ranges::all_of(fit.subject_effect, [](double u) { return u == 0.0; }));
}

TEST_CASE("the restricted likelihood by dense matrices is highest where the fit says") {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        const Sample s = sample(seed % 2 == 0 ? 1.0 : 0.3, seed);
        const RandomInterceptFit fit = s.fitted();
        const Dense at = dense(s, fit.ratio);
        CHECK(fit.residual_variance == Approx(at.variance).epsilon(1e-11));
        const std::vector<double> beta{fit.site_intercept[0], fit.site_intercept[1], fit.site_intercept[3],
                                       fit.coefficients[0], fit.coefficients[1]};
        for (Index j = 0; j < 5; ++j) CHECK(beta[static_cast<std::size_t>(j)] == Approx(at.beta(j)).epsilon(1e-9));
        CHECK(std::isnan(fit.site_intercept[2]));
        CHECK(fit.subject_effect.back() == 0.0);
        for (double ratio = 1e-5; ratio < 1e6; ratio *= 1.5) CHECK(at.criterion <= dense(s, ratio).criterion);
        CHECK(at.criterion <= dense(s, 0.0).criterion);
        if (fit.ratio > 0.0) {
            // The slope, as a difference of fourth order, against the curvature: how far θ is from the stationary point.
            const double h = 0.02 * fit.ratio;
            const auto f = [&](double steps) { return dense(s, fit.ratio + steps * h).criterion; };
            const double slope = (8.0 * (f(1) - f(-1)) - (f(2) - f(-2))) / (12.0 * h);
            const double curvature = (f(1) - 2.0 * at.criterion + f(-1)) / (h * h);
            CHECK(std::abs(slope / curvature) < 1e-6 * fit.ratio);
        }
    }
}

TEST_CASE("the effects of subjects come from their residuals alone") {
    const Sample s = sample(1.0);
    const RandomInterceptFit fit = s.fitted();
    REQUIRE(fit.ratio > 0.0);
    const std::vector<double> fixed = fitted_values(s, fit, false);
    std::vector<double> residuals;
    for (std::size_t i = 0; i < fixed.size(); ++i) residuals.push_back(s.y[i] - fixed[i]);
    CHECK(test::largest_difference(stats::subject_effects(residuals, s.subject, s.subjects, fit.ratio), fit.subject_effect) <
          1e-12);
    const std::vector<double> three{3.0, 1.0, -5.0};
    const std::vector<Index> whose{0, 0, 2};
    CHECK(test::largest_difference(stats::subject_effects(three, whose, 3, 0.5), {1.0, 0.0, -5.0 / 3.0}) < 1e-15);
}

TEST_CASE("the order of rows, an added constant and the unit change nothing else") {
    const Sample s = sample(1.0);
    const RandomInterceptFit fit = s.fitted();
    const Index n = s.rows();
    Sample turned = s;
    for (Index i = 0; i < n; ++i) {
        const Index from = (i * 37 + 11) % n;  // n and 37 have no common divisor
        const auto to = static_cast<std::size_t>(i), source = static_cast<std::size_t>(from);
        turned.y[to] = s.y[source];
        turned.site[to] = s.site[source];
        turned.subject[to] = s.subject[source];
        for (Index j = 0; j < 2; ++j) turned.codes(i, j) = s.codes(from, j);
    }
    REQUIRE(std::gcd(n, Index{37}) == 1);
    check_same(turned.fitted(), fit, 1e-11);

    Sample moved = s;
    for (double& v : moved.y) v = 1e6 + 1e-3 * v;
    RandomInterceptFit back = moved.fitted();
    for (double& v : back.site_intercept) v = (v - 1e6) * 1e3;
    for (double& v : back.coefficients) v *= 1e3;
    for (double& v : back.subject_effect) v *= 1e3;
    back.residual_variance *= 1e6;
    // 1e6 in doubles leaves 1e-10 of a unit that is 1e-3 wide.
    CHECK(back.ratio == Approx(fit.ratio).epsilon(1e-6));
    CHECK(back.residual_variance == Approx(fit.residual_variance).epsilon(1e-6));
    CHECK(test::largest_difference(back.subject_effect, fit.subject_effect) < 1e-6);
    CHECK(test::largest_difference(back.site_intercept, fit.site_intercept) < 1e-5);
}

TEST_CASE("features without noise have finite estimates") {
    Sample s = sample(1.0);
    for (std::size_t i = 0; i < s.y.size(); ++i) s.y[i] = 12158.7 + static_cast<double>(s.site[i]);
    RandomInterceptFit fit = s.fitted();
    CHECK(fit.ratio == 0.0);
    CHECK(fit.residual_variance == 0.0);
    CHECK(fit.site_intercept[3] == Approx(12161.7).epsilon(1e-14));
    CHECK(std::abs(fit.coefficients[0]) < 1e-12);

    // Constant within subjects, but for age: no noise, and all the spread between subjects.
    for (std::size_t i = 0; i < s.y.size(); ++i) {
        s.y[i] = 50.0 + std::sin(static_cast<double>(s.subject[i])) - 0.1 * s.codes(static_cast<Index>(i), 0);
    }
    fit = s.fitted();
    CHECK(fit.ratio >= 1e6);
    CHECK(fit.residual_variance < 1e-6);
    CHECK(fit.coefficients[0] == Approx(-0.1).epsilon(1e-6));
    CHECK(test::largest_difference(fitted_values(s, fit, true), s.y) < 1e-6);
}

TEST_CASE("designs that cannot tell subjects from the rest are refused") {
    using Catch::Matchers::Contains;
    Sample s = sample(1.0);
    SECTION("no subject has two rows") {
        std::iota(s.subject.begin(), s.subject.end(), Index{0});
        s.subjects = s.rows();
        CHECK_THROWS_WITH(s.fitted(), Contains("no subject has two rows"));
    }
    SECTION("a term does not vary within sites") {
        for (Index i = 0; i < s.rows(); ++i) s.codes(i, 1) = static_cast<double>(s.site[static_cast<std::size_t>(i)]) / 3.0;
        CHECK_THROWS_WITH(s.fitted(), Contains("covariate term 2 of 2"));
    }
    SECTION("a term repeats another") {
        for (Index i = 0; i < s.rows(); ++i) s.codes(i, 1) = 0.1 * s.codes(i, 0) + 7.0;
        CHECK_THROWS_WITH(s.fitted(), Contains("covariate term 2 of 2"));
    }
    SECTION("each subject has a site of its own") {
        s.site = s.subject;
        s.sites = s.subjects;
        s.codes = Matrix<double>(s.rows(), 0);
        CHECK_THROWS_WITH(s.fitted(), Contains("between subjects"));
    }
    SECTION("age explains the one pair that repeats") {
        const Sample few{Matrix<double>(1, std::vector<double>{20.0, 31.0, 40.0, 47.0, 51.0, 52.0}),
                         std::vector<Index>(6, 0),
                         {0, 1, 2, 3, 4, 4},
                         1,
                         5,
                         {1.0, 2.0, 0.0, 1.0, 3.0, 1.0}};
        CHECK_THROWS_WITH(few.fitted(), Contains("within subjects"));
    }
    SECTION("fewer rows than fixed effects") {
        const Sample few{Matrix<double>(1, std::vector<double>{1.0, 2.0}), {0, 0}, {0, 0}, 1, 1, {1.0, 2.0}};
        CHECK_THROWS_WITH(few.fitted(), Contains("too few"));
    }
}

TEST_CASE("lmer's fits as longCombat takes them") {
    const auto rows = test::reference_rows("lc_reml");
    if (!rows) return test::skip("no reference data beside the project");
    Sample s{rows->codes, rows->site, {}, std::ssize(rows->site_names), 0, {}};
    s.subject = rows->subject;
    s.subjects = 1 + *std::ranges::max_element(s.subject);
    REQUIRE(s.subjects == 60);
    const RandomIntercept model(s.codes, s.site, s.sites, s.subject, s.subjects);
    const auto sigma = rows->expected("sigma.tsv"), fitted = rows->expected("fitted.tsv"),
               sites = rows->expected("site_effects_adjusted.tsv");
    REQUIRE(rows->features.size() == 12);
    for (std::size_t f = 0; f < rows->features.size(); ++f) {
        const RandomInterceptFit fit = model.fit(rows->values[f]);
        const double sd = test::standard_deviation(rows->values[f]),
                     margin = 5e-7 * sd;  // lmer stops where 1e-6 of θ is left
        INFO(rows->features[f] << ": ratio " << fit.ratio);
        CHECK(std::abs(std::sqrt(fit.residual_variance) - sigma[f][0]) < margin);
        CHECK(test::largest_difference(fitted_values(s, fit, true), fitted[f]) < margin);
        double mean = 0.0;
        for (const Index at : s.site) mean += fit.site_intercept[static_cast<std::size_t>(at)];
        mean /= static_cast<double>(s.rows());
        std::vector<double> adjusted;
        for (const double intercept : fit.site_intercept) adjusted.push_back(intercept - mean);
        CHECK(test::largest_difference(adjusted, sites[f]) < margin);
    }
}
