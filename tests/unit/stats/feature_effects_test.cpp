// Effects of sites and covariates on features, beside what they are made of and beside least squares over all rows.
#include "tare/stats/feature_effects.hpp"

#include <Eigen/Dense>
#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

#include "support/small_cohort.hpp"
#include "tare/base/error.hpp"

using namespace tare;
using base::Index;
using base::Matrix;
using stats::FeatureEffects;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// Two sites of four: age −1, −1, 1, 1 about a centre of the site's own; y = ±shift + slope·age + noise, where the site's
/// noise goes +, −, +, − and so has no part in mean and slope.
struct TwoSites {
    double shift = 0.5, slope = 0.25, noise_a = 0.125, noise_b = 0.5, centre_a = 0.0, centre_b = 0.0;

    [[nodiscard]] data::Cohort cohort() const {
        data::Cohort out;
        out.source = "two.tsv";
        data::Covariate age{"age", false, {}, {}};
        out.features.names = {"y", "constant"};
        out.features.values = Matrix<double>(8, 2);
        for (Index i = 0; i < 8; ++i) {
            const bool a = i < 4;
            const double sign = i % 2 == 0 ? 1.0 : -1.0;
            out.ids.push_back(std::to_string(i));
            out.line_numbers.push_back(static_cast<std::uint32_t>(i) + 2);
            out.sites.emplace_back(a ? "a" : "b");
            age.numbers.push_back((a ? centre_a : centre_b) + (i % 4 < 2 ? -1.0 : 1.0));
            out.features.values(i, 0) =
                7.0 + (a ? shift : -shift) + slope * age.numbers.back() + sign * (a ? noise_a : noise_b);
            out.features.values(i, 1) = 3.0;
        }
        out.covariates = {age};
        return out;
    }
};

FeatureEffects effects(const data::Cohort& cohort, const std::vector<std::string>& covariates) {
    const auto backend = compute::make_cpu_backend(1);
    return stats::effects_of(cohort, cohort.features.values, data::Features::named(cohort.features.names), covariates,
                             *backend);
}

}  // namespace

TEST_CASE("effects of a feature are what it is made of") {
    const TwoSites made;
    const FeatureEffects found = effects(made.cohort(), {"age"});
    const double within = (made.noise_a * made.noise_a + made.noise_b * made.noise_b) / 2.0;
    const double between = made.shift * made.shift, by_age = made.slope * made.slope;
    REQUIRE(found.terms == std::vector<std::string>{"age"});
    CHECK(found.slopes(0, 0) == Approx(made.slope).epsilon(1e-12));
    CHECK(found.covariate_r2[0] == Approx(by_age / (by_age + between + within)).epsilon(1e-12));
    CHECK(found.site_share[0] == Approx(between / (between + within)).epsilon(1e-12));
    CHECK(found.residual_sd[0] == Approx(std::sqrt(within)).epsilon(1e-12));
    CHECK(found.spread[0] == Approx(std::log(made.noise_b / made.noise_a) / std::sqrt(2.0)).epsilon(1e-12));
}

TEST_CASE("slopes are those within sites, wherever the sites' people stand") {
    TwoSites made;
    made.centre_b = 40.0;
    const FeatureEffects found = effects(made.cohort(), {"age"});
    CHECK(found.slopes(0, 0) == Approx(made.slope).epsilon(1e-10));
    // Sites whose covariates differ: what the covariate explains of both sites together is not what it does within one.
    CHECK(found.covariate_r2[0] > 0.9);
}

TEST_CASE("a constant feature has no share of anything") {
    const FeatureEffects found = effects(TwoSites().cohort(), {"age"});
    CHECK(std::isnan(found.covariate_r2[1]));
    CHECK(std::isnan(found.site_share[1]));
    CHECK(std::isnan(found.spread[1]));
    CHECK(found.residual_sd[1] == 0.0);
}

TEST_CASE("without covariates they explain nothing") {
    const FeatureEffects found = effects(TwoSites().cohort(), {});
    CHECK(found.terms.empty());
    CHECK(found.covariate_r2[0] == Approx(0.0).margin(1e-12));
    CHECK(stats::slopes_kept(found, found).empty());
}

TEST_CASE("sites of one or two values say nothing about their spread") {
    data::Cohort cohort = TwoSites().cohort();
    cohort.features.values(0, 0) = cohort.features.values(1, 0) = missing;
    CHECK(std::isnan(effects(cohort, {}).spread[0]));
}

TEST_CASE("effects equal least squares over the rows that a feature has") {
    data::Cohort cohort = test::small_cohort(90, 3, 8);
    for (Index i = 0; i < 90; i += 7) cohort.features.values(i, 1) = missing;
    const FeatureEffects found = effects(cohort, {"age", "dx"});
    REQUIRE(found.terms.size() == 3);
    for (Index f = 0; f < 3; ++f) {
        std::vector<Index> rows;
        for (Index i = 0; i < 90; ++i) {
            if (!std::isnan(cohort.features.values(i, f))) rows.push_back(i);
        }
        const auto n = static_cast<Index>(rows.size());
        Eigen::MatrixXd within(n, 6), alone(n, 4);
        Eigen::VectorXd y(n);
        for (Index r = 0; r < n; ++r) {
            const auto i = static_cast<std::size_t>(rows[static_cast<std::size_t>(r)]);
            const std::string &site = cohort.sites[i], &dx = cohort.covariates[1].levels[i];
            const double age = cohort.covariates[0].numbers[i], cn = dx == "CN" ? 1.0 : 0.0, mci = dx == "MCI" ? 1.0 : 0.0;
            within.row(r) << age, cn, mci, site == "s0", site == "s1", site == "s2";
            alone.row(r) << age, cn, mci, 1.0;
            y(r) = cohort.features.values(static_cast<Index>(i), f);
        }
        const Eigen::VectorXd b = within.colPivHouseholderQr().solve(y), c = alone.colPivHouseholderQr().solve(y);
        const auto i = static_cast<std::size_t>(f);
        for (Index j = 0; j < 3; ++j) {
            INFO(found.terms[static_cast<std::size_t>(j)]);
            CHECK(found.slopes(j, f) == Approx(b(j)).epsilon(1e-8));
        }
        CHECK(found.residual_sd[i] == Approx((y - within * b).norm() / std::sqrt(static_cast<double>(n))).epsilon(1e-8));
        const double total = (y.array() - y.mean()).matrix().squaredNorm();
        CHECK(found.covariate_r2[i] == Approx(1.0 - (y - alone * c).squaredNorm() / total).epsilon(1e-8));
    }
}

TEST_CASE("what is kept of slopes is their share, features weighed by what they say") {
    FeatureEffects before, after;
    before.terms = {"age", "none"};
    before.slopes = after.slopes = Matrix<double>(2, 3);
    before.residual_sd = {1.0, 2.0, 0.0};
    after.residual_sd = {0.5, 3.0, 1.0};
    before.slopes(0, 0) = 1.0;
    before.slopes(0, 1) = 4.0;
    before.slopes(0, 2) = 100.0;  // of a constant feature, which counts for nothing
    after.slopes(0, 0) = 0.5;
    after.slopes(0, 1) = 3.0;
    // (1·0.5/1 + 4·3/4)/(1·1/1 + 4·4/4)
    const std::vector<double> kept = stats::slopes_kept(before, after);
    REQUIRE(kept.size() == 2);
    CHECK(kept[0] == Approx(0.7).epsilon(1e-14));
    CHECK(std::isnan(kept[1]));
    CHECK(stats::slopes_kept(before, before)[0] == Approx(1.0).epsilon(1e-14));
}

TEST_CASE("covariates that cannot be told from the sites have no effects") {
    data::Cohort cohort = TwoSites().cohort();
    for (std::size_t i = 0; i < 8; ++i) cohort.covariates[0].numbers[i] = i < 4 ? 20.0 : 60.0;
    CHECK_THROWS_AS(effects(cohort, {"age"}), base::Error);
}
