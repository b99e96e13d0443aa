// Tests between sites in cases that can be worked out by hand, and where nothing can be told.
#include "tare/stats/site_tests.hpp"

#include <array>
#include <cmath>

#include <catch2/catch.hpp>

#include "tare/base/rng.hpp"
#include "tare/stats/anderson_darling.hpp"
#include "tare/stats/distributions.hpp"
#include "tare/stats/leading_components.hpp"
#include "tare/stats/multivariate_test.hpp"
#include "tare/stats/principal_axes.hpp"
#include "tare/stats/site_regression.hpp"
#include "tare/stats/summaries.hpp"

using namespace tare;
using base::Index;
using base::Matrix;

namespace {

const double missing = std::nan("");

stats::Groups two_groups(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> values = a;
    values.insert(values.end(), b.begin(), b.end());
    std::vector<Index> group(a.size(), 0);
    group.resize(values.size(), 1);
    return {values, group, 2};
}

}  // namespace

TEST_CASE("Kruskal and Wallis by hand") {
    // Ranks 1, 2, 3 and 4, 5, 6: H = 12/(6·7)·(6²/3 + 15²/3) − 3·7 = 27/7.
    const stats::GroupTest test = stats::kruskal_wallis(two_groups({1, 2, 3}, {40, 50, 600}));
    CHECK(test.statistic == Approx(27.0 / 7.0).epsilon(1e-14));
    CHECK(test.effect == Approx(27.0 / 35.0).epsilon(1e-14));
    CHECK(test.p == Approx(std::erfc(std::sqrt(27.0 / 14.0))).epsilon(1e-12));
}

TEST_CASE("Brown and Forsythe by hand") {
    // Distances from the medians: 1, 0, 1 and 3, 0, 3: between 6·(2/3)² = 8/3, within 2/3 + 6 = 20/3.
    const stats::GroupTest test = stats::brown_forsythe(two_groups({1, 2, 3}, {7, 10, 13}));
    CHECK(test.statistic == Approx(8.0 / 3.0 / (20.0 / 3.0 / 4.0)).epsilon(1e-14));
    CHECK(test.effect == Approx(8.0 / 28.0).epsilon(1e-14));
}

TEST_CASE("spreads are told apart whatever the means") {
    const stats::GroupTest near = stats::fligner_killeen(two_groups({1, 2, 3, 4, 6}, {2, 4, 7, 8, 13}));
    const stats::GroupTest far = stats::fligner_killeen(two_groups({1, 2, 3, 4, 6}, {1002, 1004, 1007, 1008, 1013}));
    CHECK(near.statistic == Approx(far.statistic).epsilon(1e-12));
    CHECK(near.p < 1.0);
    CHECK(near.effect > 0.0);
}

TEST_CASE("the limit of Anderson and Darling has its published percentiles") {
    // Marsaglia, Marsaglia (2004) for one sample, which is m = 1.
    const stats::AndersonDarlingLimit one(1);
    CHECK(one.upper_tail(1.9329578) == Approx(0.10).margin(1e-6));
    CHECK(one.upper_tail(2.492367) == Approx(0.05).margin(1e-6));
    CHECK(one.upper_tail(3.878125) == Approx(0.01).margin(1e-6));
    CHECK(one.upper_tail(0.0) == 1.0);
    CHECK(one.upper_tail(-1.0) == 1.0);
    CHECK(std::isnan(one.upper_tail(missing)));
}

TEST_CASE("the tails of Anderson and Darling's limit fit together and fall") {
    for (const Index m : {1, 2, 5, 22, 35}) {
        const stats::AndersonDarlingLimit limit(m);
        double last = 1.0;
        for (double x = 0.1; x < 400.0; x += 0.37) {
            const double p = limit.upper_tail(x);
            INFO(m << " at " << x);
            REQUIRE(p <= last + 1e-12);
            REQUIRE(p >= 0.0);
            // No jump where one way of computing takes over from the other.
            if (p < 1e-6 && p > 1e-13) REQUIRE(p > 0.4 * last);
            last = p;
        }
    }
    // The largest term, ½χ²₁, rules far out, and the others add the factor √3; the saddle point's approximation is within an
    // eighth of it.
    const double x = 60.0;
    const double leading = std::sqrt(3.0) * stats::upper_tail_of_chi_squared(2.0 * x, 1.0);
    CHECK(stats::AndersonDarlingLimit(1).upper_tail(x) == Approx(leading).epsilon(0.125));
}

TEST_CASE("Anderson and Darling tell samples apart") {
    const stats::GroupTest apart = stats::anderson_darling(two_groups({1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}));
    const stats::GroupTest mixed = stats::anderson_darling(two_groups({1, 3, 5, 7, 9}, {2, 4, 6, 8, 10}));
    CHECK(apart.p < 0.01);
    CHECK(mixed.p > 0.5);
    CHECK(std::isnan(apart.effect));
}

TEST_CASE("rates of false discoveries") {
    const std::vector<double> q = stats::false_discovery_rates(std::vector<double>{0.04, missing, 0.01, 0.5});
    CHECK(q[0] == Approx(0.06));
    CHECK(std::isnan(q[1]));
    CHECK(q[2] == Approx(0.03));
    CHECK(q[3] == Approx(0.5));
}

TEST_CASE("one site, or values that do not vary, tell nothing") {
    const std::vector<Index> one_site(6, 0), two_sites{0, 0, 0, 1, 1, 1};
    const std::vector<double> varied{1, 2, 3, 4, 5, 7}, constant(6, 2.5);
    for (const auto& groups : {stats::Groups(varied, one_site, 1), stats::Groups(constant, two_sites, 2)}) {
        CHECK(std::isnan(stats::kruskal_wallis(groups).p));
        CHECK(std::isnan(stats::brown_forsythe(groups).p));
        CHECK(std::isnan(stats::fligner_killeen(groups).p));
        CHECK(std::isnan(stats::anderson_darling(groups).p));
    }
    const Matrix<double> no_codes(6, 0);
    CHECK(std::isnan(stats::SiteRegression(no_codes, one_site, 1).of(varied).p));
    const stats::FeatureRegression still = stats::SiteRegression(no_codes, two_sites, 2).of(constant);
    CHECK(std::isnan(still.p));
    CHECK(std::isnan(still.rest_share));
    CHECK(std::isnan(stats::multivariate_site_test(Matrix<double>(1, varied), no_codes, one_site, 1).p));
}

TEST_CASE("least squares within sites by hand") {
    // y = 2x + 5 at the first site and 2x + 8 at the second, with ±1 that no x explains.
    Matrix<double> codes(1, {0, 1, 2, 3, 0, 1, 2, 3});
    const std::vector<Index> site{0, 0, 0, 0, 1, 1, 1, 1};
    const std::vector<double> noise{1, -1, -1, 1, 1, -1, -1, 1};
    std::vector<double> y;
    for (std::size_t i = 0; i < 8; ++i)
        y.push_back(2.0 * codes(static_cast<Index>(i), 0) + 5.0 + 3.0 * static_cast<double>(site[i]) + noise[i]);
    const stats::FeatureRegression fit = stats::SiteRegression(codes, site, 2).of(y);
    CHECK(fit.slopes[0].estimate == Approx(2.0).epsilon(1e-14));
    CHECK(fit.f == Approx(18.0 / (8.0 / 5.0)).epsilon(1e-13));
    CHECK(fit.partial == Approx(18.0 / 26.0).epsilon(1e-13));
    CHECK(fit.site_share == Approx(18.0 / (18.0 + 8.0 + 40.0)).epsilon(1e-13));
    CHECK(fit.term_shares[0] == Approx(40.0 / 66.0).epsilon(1e-13));
    CHECK(fit.rest_share == Approx(8.0 / 66.0).epsilon(1e-13));
    const double half = stats::quantile_of_t(0.975, 5) * std::sqrt(8.0 / 5.0 / 10.0);
    CHECK(fit.slopes[0].high - fit.slopes[0].estimate == Approx(half).epsilon(1e-12));
    for (std::size_t i = 0; i < 8; ++i) CHECK(fit.residuals[i] == Approx(noise[i]).margin(1e-13));
}

TEST_CASE("a term that is the site, or stands there twice, is left out") {
    const std::vector<Index> site{0, 0, 0, 1, 1, 1};
    Matrix<double> codes(3, {1, 0, 2, 2, 0, 4, 5, 0, 10, 1, 1, 2, 3, 1, 6, 4, 1, 8});
    const std::vector<double> y{1.0, 2.5, 4.0, 2.0, 5.0, 5.5};
    const stats::FeatureRegression fit = stats::SiteRegression(codes, site, 2).of(y);
    CHECK(std::isfinite(fit.slopes[0].estimate));
    CHECK(std::isnan(fit.slopes[1].estimate));
    CHECK(std::isnan(fit.slopes[2].estimate));
    Matrix<double> first(1, {1, 2, 5, 1, 3, 4});
    const stats::FeatureRegression alone = stats::SiteRegression(first, site, 2).of(y);
    CHECK(fit.slopes[0].estimate == Approx(alone.slopes[0].estimate).epsilon(1e-12));
}

TEST_CASE("a term of several columns has the share that they have together, and no slope") {
    // A parabola in x, and another covariate: together the columns x and x² leave nothing.
    Matrix<double> codes(12, 3), line(12, 2);
    std::vector<double> values;
    std::vector<Index> site;
    for (Index i = 0; i < 12; ++i) {
        const double x = static_cast<double>(i % 6), other = static_cast<double>((i * 7) % 5);
        codes(i, 0) = x;
        codes(i, 1) = x * x;
        codes(i, 2) = other;
        line(i, 0) = x;
        line(i, 1) = other;
        site.push_back(i / 6);
        values.push_back((x - 2.0) * (x - 2.0) + 0.3 * other + std::sin(static_cast<double>(5 * i)));
    }
    const std::vector<Index> widths{2, 1};
    const stats::FeatureRegression together = stats::SiteRegression(codes, site, 2, widths).of(values);
    const stats::FeatureRegression apart = stats::SiteRegression(codes, site, 2).of(values);
    Matrix<double> without(12, 1);
    for (Index i = 0; i < 12; ++i) without(i, 0) = codes(i, 2);
    const stats::FeatureRegression rest = stats::SiteRegression(without, site, 2).of(values);
    REQUIRE(together.slopes.size() == 2);
    CHECK(together.term_shares[0] == Approx(rest.rest_share - together.rest_share).epsilon(1e-10));
    CHECK(together.term_shares[1] == Approx(apart.term_shares[2]).epsilon(1e-12));
    CHECK(together.f == Approx(apart.f).epsilon(1e-12));
    CHECK(std::isnan(together.slopes[0].estimate));
    CHECK(together.slopes[1].low == Approx(apart.slopes[2].low).epsilon(1e-12));
    // What a line leaves of the curve is more.
    CHECK(stats::SiteRegression(line, site, 2).of(values).rest_share > together.rest_share + 0.1);
}

TEST_CASE("all features together: MDMR where people are few, and its level") {
    base::Rng rng(4);
    const Index people = 40, features = 60;
    std::vector<Index> site;
    for (Index i = 0; i < people; ++i) site.push_back(i % 2);
    const Matrix<double> no_codes(people, 0);
    int rejected = 0;
    constexpr int rounds = 200;
    for (int round = 0; round < rounds; ++round) {
        Matrix<double> values(people, features);
        for (Index i = 0; i < people; ++i) {
            const double common = rng.normal();
            for (Index f = 0; f < features; ++f) values(i, f) = common + rng.normal();
        }
        const stats::MultivariateTest test = stats::multivariate_site_test(values, no_codes, site, 2);
        REQUIRE(test.kind == stats::MultivariateKind::mdmr);
        rejected += test.p < 0.05 ? 1 : 0;
        if (round > 0) continue;
        for (Index i = 0; i < people; ++i) {
            for (Index f = 0; f < features; ++f) values(i, f) += 2.0 * static_cast<double>(i % 2);
        }
        CHECK(stats::multivariate_site_test(values, no_codes, site, 2).p < 1e-4);
    }
    CHECK(rejected >= 2);
    CHECK(rejected <= 24);
}

TEST_CASE("few components of many features are those of all axes") {
    // Large enough on both sides for the Krylov space.
    base::Rng rng(3);
    for (const auto& [people, features] : {std::pair<Index, Index>{420, 310}, {310, 420}}) {
        Matrix<double> values(people, features);
        for (Index i = 0; i < people; ++i) {
            const double first = rng.normal(), second = rng.normal();
            for (Index f = 0; f < features; ++f)
                values(i, f) = 5.0 + first + (f % 3 == 0 ? 0.7 : -0.2) * second + 2.0 * rng.normal();
        }
        values(3, 4) = missing;
        base::Workspace on_the_heap;
        base::SilentLog silent;
        const stats::PrincipalAxes axes = stats::principal_axes(values, {.components = 2}, 1, on_the_heap, silent);
        const std::vector<double> scores = stats::scores_of(axes, {values.data(), static_cast<std::size_t>(values.size())});
        const stats::LeadingComponents leading = stats::leading_components(values, 2);
        double total = 0.0;
        for (const double variance : axes.variance) total += variance;
        for (Index k = 0; k < 2; ++k) {
            CHECK(leading.share[static_cast<std::size_t>(k)] ==
                  Approx(axes.variance[static_cast<std::size_t>(k)] / total).epsilon(1e-9));
            for (const Index i : {Index{0}, Index{17}, people - 1})
                CHECK(leading.scores(i, k) == Approx(scores[static_cast<std::size_t>(2 * i + k)]).margin(1e-5));
        }
    }
    const stats::LeadingComponents one = stats::leading_components(Matrix<double>(1, {1, 2, 3, missing}), 2);
    CHECK(one.share[0] == Approx(1.0));
    CHECK(one.share[1] == 0.0);
    CHECK(one.scores(2, 0) == Approx(1.0));
    CHECK(stats::leading_components(Matrix<double>(4, 3, 2.5), 2).share[0] == 0.0);
}

TEST_CASE("summaries for plots by hand") {
    const stats::BoxSummary box = stats::box_summary(std::vector<double>{4, missing, 1, 2, 3, 100});
    CHECK(box.n == 5);
    CHECK(box.median == 3.0);
    CHECK(box.lower_quartile == 2.0);
    CHECK(box.upper_quartile == 4.0);
    CHECK(box.low_whisker == 1.0);
    CHECK(box.high_whisker == 4.0);
    CHECK(box.most == 100.0);
    CHECK(stats::box_summary({}).n == 0);
    std::vector<double> x, y;
    for (int i = 0; i < 20; ++i) {
        x.push_back(i);
        y.push_back(3.0 * i - 1.0);
    }
    const std::vector<double> curve = stats::local_means(x, y, std::vector<double>{-1.0, 0.0, 7.5, 19.0, 19.5}, 2.0);
    CHECK(std::isnan(curve[0]));
    CHECK(curve[1] == Approx(-1.0));
    CHECK(curve[2] == Approx(21.5));
    CHECK(curve[3] == Approx(56.0));
    CHECK(std::isnan(curve[4]));
    CHECK(stats::correlation_of(x, y) == Approx(1.0));
    CHECK(std::isnan(stats::correlation_of(x, std::vector<double>(20, 1.0))));
}

TEST_CASE("without a site effect every test finds one in few features, wherever the sites' ages lie") {
    constexpr Index people = 80, features = 400;
    base::Rng rng(77);
    base::Matrix<double> codes(people, 2);
    std::vector<Index> site;
    for (Index i = 0; i < people; ++i) {
        site.push_back(i % 2);
        codes(i, 0) = (i % 2 == 0 ? 25.0 : 60.0) + 5.0 * rng.normal();
        codes(i, 1) = static_cast<double>(rng.below(2));
    }
    const stats::SiteRegression regression(codes, site, 2);
    const stats::AndersonDarlingLimit limit(1);
    std::array<int, 5> found{};
    for (Index f = 0; f < features; ++f) {
        std::vector<double> values;
        for (Index i = 0; i < people; ++i) values.push_back(rng.normal() - 0.02 * codes(i, 0));
        const stats::FeatureRegression fit = regression.of(values);
        const stats::Groups adjusted(fit.adjusted, site, 2), pooled(fit.pooled_residuals, site, 2);
        const std::array p{fit.p, stats::kruskal_wallis(pooled).p, stats::anderson_darling(pooled, &limit).p,
                           stats::brown_forsythe(adjusted).p, stats::fligner_killeen(adjusted).p};
        for (std::size_t t = 0; t < p.size(); ++t) found[t] += p[t] < 0.05 ? 1 : 0;
    }
    for (const int count : found) CHECK(count <= features * 8 / 100);
}

TEST_CASE("a site that the covariates tell wholly has no share of its own") {
    base::Matrix<double> codes(12, 1);
    std::vector<Index> site;
    std::vector<double> values;
    base::Rng rng(5);
    for (Index i = 0; i < 12; ++i) {
        site.push_back(i % 2);
        codes(i, 0) = static_cast<double>(i % 2);
        values.push_back(rng.normal() + 3.0 * codes(i, 0));
    }
    const stats::FeatureRegression fit = stats::SiteRegression(codes, site, 2).of(values);
    CHECK(std::isnan(fit.p));
    CHECK(std::isnan(fit.site_share));
    CHECK(fit.spare == 10.0);
}
