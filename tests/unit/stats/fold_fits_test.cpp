// A fold's model is that of the other rows, and no value of its own rows reaches it.
#include "tare/stats/fold_fits.hpp"

#include <catch2/catch.hpp>

#include "tare/base/rng.hpp"

using tare::base::Index;
using tare::base::Matrix;
using tare::stats::CombatModel;
using tare::stats::FitRequest;
using tare::stats::FoldFits;

namespace {

constexpr Index subjects = 60, features = 5, folds = 3;

tare::data::Cohort cohort() {
    tare::base::Rng rng(3);
    tare::data::Cohort out;
    out.source = "made";
    out.features.values = Matrix<double>(subjects, features);
    tare::data::Covariate age{"age", false, {}, {}};
    for (Index i = 0; i < subjects; ++i) {
        out.ids.push_back("p" + std::to_string(i));
        out.sites.push_back(i % 2 == 0 ? "A" : "B");
        out.line_numbers.push_back(static_cast<std::uint32_t>(i + 2));
        age.numbers.push_back(rng.uniform(20.0, 80.0));
        for (Index f = 0; f < features; ++f)
            out.features.values(i, f) = rng.normal() + (i % 2 == 0 ? 1.0 : -1.0) + 0.01 * age.numbers.back();
    }
    for (Index f = 0; f < features; ++f) out.features.names.push_back("y" + std::to_string(f));
    out.covariates.push_back(std::move(age));
    return out;
}

std::vector<Index> parts() {
    std::vector<Index> out;
    for (Index i = 0; i < subjects; ++i) out.push_back((i / 2) % folds);
    return out;
}

FitRequest request(const tare::data::Cohort& of) {
    FitRequest out;
    out.features = tare::data::Features::named(of.features.names);
    out.covariates = {"age"};
    return out;
}

CombatModel without(const tare::data::Cohort& of, Index part, const FitRequest& what) {
    const auto backend = tare::compute::make_cpu_backend(1);
    tare::base::SilentLog silent;
    return FoldFits(tare::data::TrainingSet::all(of), parts(), folds, what, *backend).without(part, *backend, silent);
}

}  // namespace

TEST_CASE("merged moments give the model of a fit to the other rows") {
    const tare::data::Cohort whole = cohort();
    const auto backend = tare::compute::make_cpu_backend(1);
    tare::base::SilentLog silent;
    for (Index part = 0; part < folds; ++part) {
        std::vector<bool> trains;
        for (const Index own : parts()) trains.push_back(own != part);
        const CombatModel merged = without(whole, part, request(whole));
        const CombatModel fitted =
            tare::stats::fit_rows(tare::data::split_cohort(whole, trains).training, request(whole), *backend, silent);
        REQUIRE(merged.gamma_star.size() == fitted.gamma_star.size());
        for (Index s = 0; s < 2; ++s) {
            for (Index f = 0; f < features; ++f) {
                CHECK(merged.gamma_star(s, f) == Approx(fitted.gamma_star(s, f)).epsilon(1e-10));
                CHECK(merged.delta_star(s, f) == Approx(fitted.delta_star(s, f)).epsilon(1e-10));
            }
        }
    }
}

TEST_CASE("whatever stands in a fold's own rows, its model is the same to the last bit") {
    const tare::data::Cohort whole = cohort();
    tare::data::Cohort changed = whole;
    const std::vector<Index> part_of = parts();
    for (std::size_t i = 0; i < part_of.size(); ++i) {
        if (part_of[i] != 1) continue;
        changed.covariates.front().numbers[i] *= -7.0;
        for (double& value : changed.features.values.row(static_cast<Index>(i))) value = 1e6 - value;
    }
    for (const bool smooth : {false, true}) {
        FitRequest what = request(whole);
        if (smooth) what.smooths = {{.name = "age", .size = 6}};
        const CombatModel before = without(whole, 1, what), after = without(changed, 1, what);
        CHECK(before.gamma_star == after.gamma_star);
        CHECK(before.delta_star == after.delta_star);
        CHECK(before.coefficients == after.coefficients);
        CHECK_FALSE(without(whole, 0, what).gamma_star == without(changed, 0, what).gamma_star);
    }
}
