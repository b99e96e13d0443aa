// Harmonising logarithms: values that have none are refused by name or count as missing, and results are values again.
#include "tare/stats/transform.hpp"

#include <cmath>

#include <catch2/catch.hpp>

#include "support/small_cohort.hpp"
#include "tare/base/error.hpp"
#include "tare/stats/application.hpp"

using namespace tare;
using base::Index;
using base::Matrix;
using stats::LogRows;
using stats::NotPositive;

namespace {

const auto backend = compute::make_cpu_backend(2);

stats::CombatModel fitted(const data::Cohort& cohort, data::RowSource& rows, stats::Transform transform) {
    base::SilentLog log;
    base::Workspace workspace;
    const data::TrainingSet all = data::TrainingSet::all(cohort);
    const stats::MomentsRequest request{stats::learn_design(all), data::Features::named(cohort.features.names)};
    stats::Moments moments = stats::moments_of(all, request, rows, *backend, workspace, log);
    moments.transform = transform;
    return stats::fit(moments, {}, *backend, log);
}

}  // namespace

TEST_CASE("rows are logarithms, and what is missing stays missing") {
    data::Cohort cohort = test::small_cohort();
    cohort.features.values(4, 2) = NAN;
    data::MatrixRows plain(cohort.features.values);
    const data::Features features = data::Features::named(cohort.features.names);
    LogRows logarithms(plain, cohort, features, NotPositive::fault);
    CHECK(logarithms.features() == 7);
    const std::vector<Index> wanted{7, 4, 59};
    const auto rows = std::get<std::vector<const double*>>(logarithms.rows(wanted));
    REQUIRE(rows.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        for (Index f = 0; f < 7; ++f) {
            const double value = cohort.features.values(wanted[i], f);
            if (std::isnan(value)) {
                CHECK(std::isnan(rows[i][f]));
            } else {
                CHECK(rows[i][f] == std::log(value));
            }
        }
    }
    CHECK(std::isnan(rows[1][2]));
}

TEST_CASE("a value that is not positive is refused with its place, or counts as missing where that was asked for") {
    const data::Features features = data::Features::named(test::small_cohort().features.names);
    for (const double bad : {0.0, -0.0, -3.5}) {
        data::Cohort cohort = test::small_cohort();
        cohort.features.values(4, 2) = bad;
        data::MatrixRows plain(cohort.features.values);
        const std::vector<Index> wanted{3, 4};
        LogRows strict(plain, cohort, features, NotPositive::fault), lenient(plain, cohort, features, NotPositive::missing);
        try {
            (void)strict.rows(wanted);
            FAIL("was taken");
        } catch (const base::Error& error) {
            CHECK(error.code() == base::ExitCode::data);
            CHECK_THAT(error.what(), Catch::StartsWith("small.tsv:6: column 'f2': "));
            CHECK_THAT(error.what(), Catch::Contains("has no logarithm"));
        }
        const auto rows = std::get<std::vector<const double*>>(lenient.rows(wanted));
        CHECK(std::isnan(rows[1][2]));
        CHECK(rows[1][3] == std::log(cohort.features.values(4, 3)));
        CHECK(rows[0][2] == std::log(cohort.features.values(3, 2)));
    }
}

TEST_CASE("a model of logarithms gives the exponentials of harmonised logarithms, and refuses what has none") {
    data::Cohort cohort = test::small_cohort();
    cohort.features.values(4, 2) = NAN;
    data::Cohort of_logs = cohort;
    for (double& v : std::span(of_logs.features.values.data(), static_cast<std::size_t>(of_logs.features.values.size())))
        v = std::log(v);
    const data::Features features = data::Features::named(cohort.features.names);
    data::MatrixRows plain(cohort.features.values), logs(of_logs.features.values);
    LogRows transformed(plain, cohort, features, NotPositive::fault);
    const stats::CombatModel model = fitted(cohort, transformed, stats::Transform::log),
                             beside = fitted(of_logs, logs, stats::Transform::none);
    CHECK(model.grand_mean == beside.grand_mean);
    CHECK(model.gamma_star == beside.gamma_star);
    base::SilentLog log;
    data::Cohort values = cohort, residuals = cohort, plain_residuals = of_logs;
    stats::apply(model, values, {}, *backend, log);
    stats::apply(beside, of_logs, {}, *backend, log);
    stats::ApplyOptions options;
    options.returned = stats::Returned::residuals;
    stats::apply(model, residuals, options, *backend, log);
    stats::apply(beside, plain_residuals, options, *backend, log);
    for (Index i = 0; i < 60; ++i) {
        for (Index f = 0; f < 7; ++f) {
            if (std::isnan(cohort.features.values(i, f))) {
                CHECK(std::isnan(values.features.values(i, f)));
                continue;
            }
            CHECK(values.features.values(i, f) == Approx(std::exp(of_logs.features.values(i, f))).epsilon(1e-12));
            CHECK(residuals.features.values(i, f) == Approx(plain_residuals.features.values(i, f)).margin(1e-12));
        }
    }
    data::Cohort bad = cohort;
    bad.features.values(10, 6) = -1.0;
    CHECK_THROWS_WITH(stats::apply(model, bad, {}, *backend, log),
                      Catch::Contains("small.tsv:12: column 'f6': -1 has no logarithm"));
}
