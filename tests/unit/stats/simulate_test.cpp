// The simulated cohort: seeded, centred site effects, and values that follow from its parameters.
#include "tare/stats/simulate.hpp"

#include <cmath>

#include <catch2/catch.hpp>

#include "tare/base/error.hpp"

using namespace tare;
using base::Index;

TEST_CASE("the same seed gives the same cohort, another seed another") {
    const stats::SimulationOptions options{.site_sizes = {20, 5, 1}};
    const auto a = stats::simulate(options), b = stats::simulate(options);
    CHECK(a.observed.features.values == b.observed.features.values);
    stats::SimulationOptions other = options;
    other.seed = 2;
    CHECK_FALSE(stats::simulate(other).observed.features.values == a.observed.features.values);
    CHECK(a.observed.sites.back() == "site-03");
    CHECK(a.observed.subjects() == 26);
}

TEST_CASE("site effects are centred, and removing them gives the truth") {
    const auto cohort =
        stats::simulate({.site_sizes = {30, 10, 4}, .features = 6, .seed = 5, .site_shift = 1.0, .site_scale = 0.3});
    for (Index f = 0; f < 6; ++f) {
        CHECK(30 * cohort.gamma(0, f) + 10 * cohort.gamma(1, f) + 4 * cohort.gamma(2, f) == Approx(0.0).margin(1e-12));
        CHECK((30 * cohort.delta(0, f) + 10 * cohort.delta(1, f) + 4 * cohort.delta(2, f)) / 44 == Approx(1.0));
        for (Index i = 0; i < 44; ++i) {
            const auto k = static_cast<std::size_t>(f);
            const auto row = static_cast<std::size_t>(i);
            const double age = cohort.observed.covariates[0].numbers[row] - 50.0;
            const double expected =
                cohort.grand_mean[k] + age * cohort.age_effect[k] + age * age * cohort.age_curve[k] +
                (cohort.observed.covariates[1].levels[row] == "M" ? cohort.sex_effect[k] : 0.0) +
                (cohort.observed.covariates[2].levels[row] == "patient" ? cohort.diagnosis_effect[k] : 0.0);
            const Index s = i < 30 ? 0 : i < 40 ? 1 : 2;
            const double noise = (cohort.truth(i, f) - expected) / cohort.sigma[k];
            CHECK(cohort.observed.features.values(i, f) ==
                  Approx(expected + cohort.sigma[k] * (cohort.gamma(s, f) + std::sqrt(cohort.delta(s, f)) * noise))
                      .margin(3e-4 * cohort.sigma[k]));
        }
    }
}

TEST_CASE("the people alone are those of the cohort, whatever is measured in them") {
    const stats::SimulationOptions options{.site_sizes = {7, 3}, .features = 5, .seed = 3};
    const auto cohort = stats::simulate(options);
    const auto people = stats::simulate_people({.site_sizes = {7, 3}, .features = 40, .seed = 3});
    CHECK(people.ids == cohort.observed.ids);
    CHECK(people.sites == cohort.observed.sites);
    CHECK(people.features.features() == 0);
    REQUIRE(people.covariates.size() == 3);
    for (std::size_t c = 0; c < 3; ++c) {
        CHECK(people.covariates[c].name == cohort.observed.covariates[c].name);
        CHECK(people.covariates[c].numbers == cohort.observed.covariates[c].numbers);
        CHECK(people.covariates[c].levels == cohort.observed.covariates[c].levels);
    }
    CHECK(stats::simulated_sites(2) == cohort.sites);
    CHECK(stats::simulated_sites(100).back() == "site-100");
}

TEST_CASE("missing cells come at their rate, and the truth has none") {
    const auto cohort = stats::simulate({.site_sizes = {200, 200}, .features = 30, .missing = 0.1});
    Index missing = 0;
    for (Index i = 0; i < 400; ++i) {
        for (Index f = 0; f < 30; ++f) {
            missing += std::isnan(cohort.observed.features.values(i, f)) ? 1 : 0;
            REQUIRE(std::isfinite(cohort.truth(i, f)));
        }
    }
    CHECK(missing > 1050);
    CHECK(missing < 1350);
}

TEST_CASE("options out of range are refused") {
    CHECK_THROWS_AS(stats::simulate({.site_sizes = {}}), base::Error);
    CHECK_THROWS_AS(stats::simulate({.site_sizes = {0}}), base::Error);
    CHECK_THROWS_AS(stats::simulate({.site_sizes = {5}, .features = 0}), base::Error);
    CHECK_THROWS_AS(stats::simulate({.site_sizes = {5}, .missing = 1.0}), base::Error);
    CHECK_THROWS_AS(stats::simulate({.site_sizes = {5}, .site_shift = -1.0}), base::Error);
}
