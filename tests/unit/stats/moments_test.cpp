// Moments of parts against those of the whole, where levels, sites and missing cells differ between parts.
#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include "support/small_cohort.hpp"
#include "tare/base/error.hpp"
#include "tare/stats/combat.hpp"

using namespace tare;
using base::Index;

namespace {

const auto backend = compute::make_cpu_backend(2);

stats::Moments moments_where(const data::Cohort& cohort, const std::vector<bool>& rows) {
    return stats::moments_of(data::split_cohort(cohort, rows).training, *backend);
}

void check_equal(const stats::Moments& a, const stats::Moments& b) {
    REQUIRE(a.sites == b.sites);
    REQUIRE(a.design == b.design);
    CHECK(a.site_subjects == b.site_subjects);
    CHECK(a.training.n == b.training.n);
    CHECK(a.training.id_hashes == b.training.id_hashes);
    const Index terms = a.design.term_count();
    for (Index s = 0; s < a.site_count(); ++s) {
        for (Index f = 0; f < a.feature_count(); ++f) {
            const auto& da =
                a.patterns[static_cast<std::size_t>(a.pattern_of[static_cast<std::size_t>(f)])][static_cast<std::size_t>(s)];
            const auto& db =
                b.patterns[static_cast<std::size_t>(b.pattern_of[static_cast<std::size_t>(f)])][static_cast<std::size_t>(s)];
            REQUIRE(da.n == db.n);
            if (da.n == 0.0) continue;
            CHECK((da.covariate_mean - db.covariate_mean).norm() < 1e-12 * (1 + da.covariate_mean.norm()));
            CHECK((da.scatter - db.scatter).norm() < 1e-12 * (1 + da.scatter.norm()));
            CHECK(a.values.mean(s, f) == Approx(b.values.mean(s, f)).epsilon(1e-13));
            CHECK(a.values.squares(s, f) == Approx(b.values.squares(s, f)).epsilon(1e-11).margin(1e-11));
            for (Index j = 0; j < terms; ++j) {
                CHECK(a.values.cross_products(s * terms + j, f) ==
                      Approx(b.values.cross_products(s * terms + j, f)).epsilon(1e-10).margin(1e-9));
            }
        }
    }
}

}  // namespace

TEST_CASE("parts that hold other levels merge to the whole") {
    const data::Cohort cohort = test::small_cohort();
    // The first part has no AD, so its base level differs from that of the whole.
    std::vector<bool> first, second;
    for (const std::string& level : cohort.covariates[1].levels) {
        first.push_back(level != "AD");
        second.push_back(level == "AD");
    }
    const stats::Moments merged = stats::merge(moments_where(cohort, first), moments_where(cohort, second));
    check_equal(merged, stats::moments_of(data::TrainingSet::all(cohort), *backend));
}

TEST_CASE("parts that hold other sites and miss other cells merge to the whole") {
    data::Cohort cohort = test::small_cohort();
    base::Rng rng(9);
    for (Index i = 0; i < cohort.subjects(); ++i) {
        for (Index f = 0; f < 4; ++f) {
            if (rng.uniform() < 0.1) cohort.features.values(i, f) = NAN;
        }
    }
    std::vector<bool> first, second;
    for (Index i = 0; i < cohort.subjects(); ++i) {
        first.push_back(cohort.sites[static_cast<std::size_t>(i)] != "s2" && i < 40);
        second.push_back(!first.back());
    }
    stats::Moments a = moments_where(cohort, first);
    const stats::Moments b = moments_where(cohort, second);
    CHECK(a.sites.size() == 2);
    CHECK(a.patterns.size() > 1);
    check_equal(stats::merge(a, b), stats::moments_of(data::TrainingSet::all(cohort), *backend));
    check_equal(stats::merge(b, a), stats::moments_of(data::TrainingSet::all(cohort), *backend));
}

TEST_CASE("features are matched by name when moments merge") {
    const data::Cohort cohort = test::small_cohort();
    data::Cohort turned = cohort;
    std::reverse(turned.features.names.begin(), turned.features.names.end());
    for (Index i = 0; i < turned.subjects(); ++i) {
        const auto row = turned.features.values.row(i);
        std::reverse(row.begin(), row.end());
    }
    std::vector<bool> first(60, false);
    std::fill(first.begin(), first.begin() + 25, true);
    std::vector<bool> second = first;
    second.flip();
    check_equal(stats::merge(moments_where(cohort, first), moments_where(turned, second)),
                stats::moments_of(data::TrainingSet::all(cohort), *backend));
}

TEST_CASE("a person in both parts, or a feature in one only, is an error") {
    const data::Cohort cohort = test::small_cohort();
    const stats::Moments whole = stats::moments_of(data::TrainingSet::all(cohort), *backend);
    CHECK_THROWS_WITH(stats::merge(whole, whole), "60 subjects (by id) in both moments");
    stats::Moments other = stats::moments_of(data::TrainingSet::all(cohort), *backend, stats::KeepIds::no);
    CHECK(stats::merge(whole, other).training.id_hashes.empty());
    CHECK(stats::merge(whole, other).training.n == 120);
    std::vector<std::string> names = other.features.names();
    names[2] = "else";
    other.features = data::Features::named(names);
    CHECK_THROWS_AS(stats::merge(whole, other), base::Error);
}

TEST_CASE("sites that give every person's values back are named") {
    data::Cohort cohort = test::small_cohort();
    for (std::size_t i = 0; i < cohort.sites.size(); ++i) cohort.sites[i] = i < 4 ? "tiny" : "large";
    CHECK(stats::revealing_sites(stats::moments_of(data::TrainingSet::all(cohort), *backend)) ==
          std::vector<std::string>{"tiny"});
    cohort.sites[4] = "tiny";  // five subjects for three terms
    CHECK(stats::revealing_sites(stats::moments_of(data::TrainingSet::all(cohort), *backend)).empty());
}

TEST_CASE("sites where one missing cell gives a person's covariates away are named") {
    data::Cohort cohort = test::small_cohort();
    CHECK(stats::sites_with_revealing_gaps(stats::moments_of(data::TrainingSet::all(cohort), *backend)).empty());
    cohort.features.values(4, 2) = NAN;
    CHECK(stats::sites_with_revealing_gaps(stats::moments_of(data::TrainingSet::all(cohort), *backend)) ==
          std::vector<std::string>{"s1"});
    for (Index i = 4; i < 20; i += 3) cohort.features.values(i, 2) = NAN;  // six people: no single one stands out
    CHECK(stats::sites_with_revealing_gaps(stats::moments_of(data::TrainingSet::all(cohort), *backend)).empty());
}

TEST_CASE("people whom two centres number alike are not the same, and tables without ids keep no hashes") {
    data::Cohort first = test::small_cohort(), second = test::small_cohort(60, 7, 2);
    for (std::string& site : second.sites) site = "other " + site;
    const auto of = [](const data::Cohort& cohort) { return stats::moments_of(data::TrainingSet::all(cohort), *backend); };
    CHECK(stats::merge(of(first), of(second)).training.id_hashes.size() == 120);
    first.has_ids = false;
    CHECK(of(first).training.id_hashes.empty());
    CHECK(of(first).training.n == 60);
}
