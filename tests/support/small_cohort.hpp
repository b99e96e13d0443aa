// A small cohort made in memory for unit tests: three sites, a number and a category as covariates, seeded values.
#pragma once

#include <string>

#include "tare/base/rng.hpp"
#include "tare/data/cohort.hpp"

namespace tare::test {

[[nodiscard]] inline data::Cohort small_cohort(base::Index subjects = 60, base::Index features = 7, std::uint64_t seed = 1) {
    base::Rng rng(seed);
    data::Cohort cohort;
    cohort.source = "small.tsv";
    data::Covariate age{"age", false, {}, {}}, dx{"dx", true, {}, {}};
    cohort.features.values = base::Matrix<double>(subjects, features);
    for (base::Index f = 0; f < features; ++f) cohort.features.names.push_back("f" + std::to_string(f));
    for (base::Index i = 0; i < subjects; ++i) {
        const base::Index site = i % 3;
        cohort.ids.push_back("sub-" + std::to_string(i));
        cohort.sites.push_back("s" + std::to_string(site));
        cohort.line_numbers.push_back(static_cast<std::uint32_t>(i) + 2);
        age.numbers.push_back(rng.uniform(20.0, 80.0));
        dx.levels.emplace_back(rng.uniform() < 0.4 ? "CN" : rng.uniform() < 0.5 ? "MCI" : "AD");
        for (base::Index f = 0; f < features; ++f) {
            const double scale = 1.0 + 0.3 * static_cast<double>(site);
            cohort.features.values(i, f) = 10.0 * static_cast<double>(f + 1) + 0.02 * age.numbers.back() +
                                           static_cast<double>(site) + (dx.levels.back() == "AD" ? -0.5 : 0.0) +
                                           scale * rng.normal();
        }
    }
    cohort.covariates = {age, dx};
    return cohort;
}

}  // namespace tare::test
