// Each method recovers what it is made for better than plain ComBat does, on simulated cohorts whose truth is known.
#include <array>
#include <cmath>
#include <cstdio>

#include <catch2/catch.hpp>

#include "tare/base/rng.hpp"
#include "truth_study.hpp"

using namespace tare;
using namespace tare::test;

namespace {

using Values = base::Matrix<double>;

/// The correlations of all pairs of features at a site.
std::vector<double> correlations(const TruthStudy& study, const Values& values, Index site) {
    std::vector<std::vector<double>> columns(static_cast<std::size_t>(study.features()));
    for (std::size_t f = 0; f < columns.size(); ++f) {
        double mean = 0.0, squares = 0.0;
        for (std::size_t i = 0; i < study.rows.size(); ++i) {
            if (study.rows[i].site != site) continue;
            columns[f].push_back(values(static_cast<Index>(i), static_cast<Index>(f)));
            mean += columns[f].back();
        }
        mean /= static_cast<double>(columns[f].size());
        for (double& v : columns[f]) {
            v -= mean;
            squares += v * v;
        }
        for (double& v : columns[f]) v /= std::sqrt(squares);
    }
    std::vector<double> out;
    for (std::size_t f = 0; f < columns.size(); ++f) {
        for (std::size_t g = 0; g < f; ++g) {
            double sum = 0.0;
            for (std::size_t i = 0; i < columns[f].size(); ++i) sum += columns[f][i] * columns[g][i];
            out.push_back(sum);
        }
    }
    return out;
}

/// Features share three factors, which every site stretches in its own way. The error is that of the sites' correlations.
Errors covariance(std::uint64_t seed) {
    base::Rng rng(seed);
    constexpr Index sites = 3, each = 80, features = 30;
    TruthStudy study(sites * each, features);
    const SiteEffect effect(sites, features, 0.8, 0.2, rng);
    const double stretch[sites][3] = {{1.0, 1.0, 1.0}, {1.9, 0.5, 1.0}, {0.5, 1.7, 1.3}};
    Values loadings(3, features);
    for (Index f = 0; f < features; ++f) {
        for (Index k = 0; k < 3; ++k) loadings(k, f) = (1.4 - 0.4 * static_cast<double>(k)) * rng.normal();
    }
    for (Index i = 0; i < study.truth.rows(); ++i) {
        TruthRow& row = study.rows[static_cast<std::size_t>(i)];
        row = {"p" + std::to_string(i), i % sites, rng.uniform(20.0, 70.0), 0.0, rng.uniform() < 0.5};
        const double scores[3] = {rng.normal(), rng.normal(), rng.normal()};
        for (Index f = 0; f < features; ++f) {
            const double mean = 10.0 - 0.02 * row.age + (row.male ? 0.3 : 0.0), noise = 0.7 * rng.normal();
            double common = 0.0, stretched = 0.0;
            for (Index k = 0; k < 3; ++k) {
                common += loadings(k, f) * scores[k];
                stretched += stretch[row.site][k] * loadings(k, f) * scores[k];
            }
            study.truth(i, f) = mean + common + noise;
            study.raw(i, f) = mean + effect.shift(row.site, f) + effect.factor(row.site, f) * (stretched + noise);
        }
    }
    const auto error = [&](const Values& values) {
        double squares = 0.0, count = 0.0;
        for (Index s = 0; s < sites; ++s) {
            const std::vector<double> a = correlations(study, values, s), b = correlations(study, study.truth, s);
            for (std::size_t k = 0; k < a.size(); ++k) {
                squares += (a[k] - b[k]) * (a[k] - b[k]);
                count += 1.0;
            }
        }
        return std::sqrt(squares / count);
    };
    const std::string design = "--covariates age,sex ";
    return {error(study.raw), error(study.harmonised(design)), error(study.harmonised(design + "--method covbat"))};
}

/// People measured every year, half of whom change scanner on the way. The error is that of the change from the first to the
/// last visit, in SD of the measurement.
Errors change_within_people(std::uint64_t seed) {
    base::Rng rng(seed);
    constexpr Index sites = 4, people = 100, visits = 4, features = 20;
    constexpr double measurement = 0.3;
    TruthStudy study(people * visits, features);
    const SiteEffect effect(sites, features, 0.5, 0.25, rng);
    for (Index p = 0; p < people; ++p) {
        const double age = rng.uniform(55.0, 85.0);
        const bool male = rng.uniform() < 0.5;
        const Index home = p % sites,
                    later = p % 2 == 0 ? home : (home + 1 + static_cast<Index>(rng.below(sites - 1))) % sites;
        std::vector<double> level, slope;
        for (Index f = 0; f < features; ++f) {
            level.push_back(rng.normal());
            slope.push_back(-0.1 + 0.05 * rng.normal());
        }
        for (Index v = 0; v < visits; ++v) {
            const Index i = p * visits + v;
            const auto year = static_cast<double>(v);
            study.rows[static_cast<std::size_t>(i)] = {"p" + std::to_string(p), v < visits / 2 ? home : later, age, year,
                                                       male};
            const Index s = study.rows[static_cast<std::size_t>(i)].site;
            for (Index f = 0; f < features; ++f) {
                const auto k = static_cast<std::size_t>(f);
                const double own = 5.0 - 0.03 * age + (male ? 0.4 : 0.0) + level[k] + slope[k] * year,
                             noise = measurement * rng.normal();
                study.truth(i, f) = own + noise;
                study.raw(i, f) = own + effect.shift(s, f) + effect.factor(s, f) * noise;
            }
        }
    }
    const auto error = [&](const Values& values) {
        double squares = 0.0;
        for (Index p = 0; p < people; ++p) {
            const Index first = p * visits, last = first + visits - 1;
            for (Index f = 0; f < features; ++f) {
                const double found = values(last, f) - values(first, f),
                             truth = study.truth(last, f) - study.truth(first, f);
                squares += (found - truth) * (found - truth);
            }
        }
        return std::sqrt(squares / static_cast<double>(people * features)) / measurement;
    };
    const std::string design = "--covariates age,year,sex ";
    return {error(study.raw), error(study.harmonised(design)),
            error(study.harmonised(design + "--method longitudinal --subject person"))};
}

/// The spread trebles from 20 to 80 years, and the sites differ in age. `ratios`: the spread of people over 60 to that of
/// people under 40, as measured, by plain ComBat, by ComBatLS, and in truth.
Errors spread(std::uint64_t seed, std::array<double, 4>& ratios) {
    base::Rng rng(seed);
    constexpr Index sites = 4, each = 200, features = 20;
    TruthStudy study(sites * each, features);
    const SiteEffect effect(sites, features, 0.8, 0.2, rng);
    const auto mean = [](const TruthRow& row) { return 10.0 - 0.03 * row.age + (row.male ? 0.3 : 0.0); };
    const auto sd = [](double age) { return 0.6 * std::exp(std::log(3.0) * (age - 20.0) / 60.0); };
    for (Index i = 0; i < study.truth.rows(); ++i) {
        TruthRow& row = study.rows[static_cast<std::size_t>(i)];
        const Index s = i % sites;
        const double young = 20.0 + 8.0 * static_cast<double>(s);
        row = {"p" + std::to_string(i), s, rng.uniform(young, young + 36.0), 0.0, rng.uniform() < 0.5};
        for (Index f = 0; f < features; ++f) {
            const double noise = sd(row.age) * rng.normal();
            study.truth(i, f) = mean(row) + noise;
            study.raw(i, f) = mean(row) + effect.shift(s, f) + effect.factor(s, f) * noise;
        }
    }
    const std::string design = "--covariates age,sex ";
    const Values plain = study.harmonised(design),
                 kept = study.harmonised(design + "--method combatls --scale-covariates age");
    const std::array<const Values*, 4> all{&study.raw, &plain, &kept, &study.truth};
    for (std::size_t k = 0; k < all.size(); ++k) {
        double old_squares = 0.0, old = 0.0, young_squares = 0.0, young = 0.0;
        for (Index i = 0; i < study.truth.rows(); ++i) {
            const TruthRow& row = study.rows[static_cast<std::size_t>(i)];
            for (Index f = 0; f < features; ++f) {
                const double left = (*all[k])(i, f) - mean(row) - (k == 0 ? effect.shift(row.site, f) : 0.0);
                if (row.age > 60.0) old_squares += left * left, old += 1.0;
                if (row.age < 40.0) young_squares += left * left, young += 1.0;
            }
        }
        ratios[k] += std::sqrt(old_squares / old / (young_squares / young)) / 3.0;
    }
    return {rmse(study.raw, study), rmse(plain, study), rmse(kept, study)};
}

/// One cell in twenty is off by 8 to 16 SD. The error is that of all other cells, less a shift that all sites share: the
/// grand mean is that of all values.
Errors outliers(std::uint64_t seed) {
    base::Rng rng(seed);
    constexpr Index sites = 4, each = 40, features = 30;
    TruthStudy study(sites * each, features);
    const SiteEffect effect(sites, features, 0.8, 0.2, rng);
    std::vector<bool> gross;
    for (Index i = 0; i < study.truth.rows(); ++i) {
        TruthRow& row = study.rows[static_cast<std::size_t>(i)];
        row = {"p" + std::to_string(i), i % sites, rng.uniform(20.0, 70.0), 0.0, rng.uniform() < 0.5};
        for (Index f = 0; f < features; ++f) {
            const double mean = 10.0 - 0.03 * row.age + (row.male ? 0.3 : 0.0), noise = rng.normal();
            study.truth(i, f) = mean + noise;
            study.raw(i, f) = mean + effect.shift(row.site, f) + effect.factor(row.site, f) * noise;
            gross.push_back(rng.uniform() < 0.05);
            if (gross.back()) study.raw(i, f) += (rng.uniform() < 0.7 ? 1.0 : -1.0) * rng.uniform(8.0, 16.0);
        }
    }
    const auto error = [&](Values values) {
        double cells = 0.0;
        for (Index f = 0; f < features; ++f) {
            double shift = 0.0, good = 0.0;
            for (Index i = 0; i < values.rows(); ++i) {
                if (gross[static_cast<std::size_t>(i * features + f)]) continue;
                shift += values(i, f) - study.truth(i, f);
                good += 1.0;
            }
            for (Index i = 0; i < values.rows(); ++i) {
                const bool off = gross[static_cast<std::size_t>(i * features + f)];
                values(i, f) = off ? study.truth(i, f) : values(i, f) - shift / good;
            }
            cells += good;
        }
        return rmse(values, study) * std::sqrt(static_cast<double>(values.size()) / cells);
    };
    const std::string design = "--covariates age,sex ";
    return {error(study.raw), error(study.harmonised(design)), error(study.harmonised(design + "--robust"))};
}

}  // namespace

TEST_CASE("covbat recovers how features vary together better than ComBat does") {
    const Errors error = over_seeds(covariance);
    INFO("raw " << error.raw << ", ComBat " << error.plain << ", CovBat " << error.method);
    CHECK(error.method < 0.6 * error.plain);
    CHECK(error.method < 0.6 * error.raw);
}

TEST_CASE("longitudinal recovers changes within people better than ComBat does") {
    const Errors error = over_seeds(change_within_people);
    INFO("raw " << error.raw << ", ComBat " << error.plain << ", longitudinal " << error.method);
    CHECK(error.method < 0.7 * error.plain);
    CHECK(error.method < 0.3 * error.raw);
}

TEST_CASE("combatls keeps a spread that depends on age") {
    std::array<double, 4> ratios{};
    const Errors error = over_seeds([&](std::uint64_t seed) { return spread(seed, ratios); });
    INFO("raw " << error.raw << ", ComBat " << error.plain << ", ComBatLS " << error.method);
    INFO("ratios " << ratios[0] << ", " << ratios[1] << ", " << ratios[2] << ", truth " << ratios[3]);
    CHECK(error.method < 0.92 * error.plain);
    CHECK(std::abs(ratios[2] - ratios[3]) < 0.25 * std::abs(ratios[1] - ratios[3]));
}

TEST_CASE("the robust fit withstands gross outliers better than ComBat does") {
    const Errors error = over_seeds(outliers);
    INFO("raw " << error.raw << ", ComBat " << error.plain << ", robust " << error.method);
    CHECK(error.method < 0.6 * error.plain);
}

TEST_CASE("what each method recovers, as the table of docs/validation.md", "[.table]") {
    const auto print = [](const char* name, const Errors& error) {
        std::printf("| %s | %.3f | %.3f | %.3f |\n", name, error.raw, error.plain, error.method);
    };
    std::array<double, 4> ratios{};
    print("covbat: correlations", over_seeds(covariance));
    print("longitudinal: changes", over_seeds(change_within_people));
    print("combatls: values", over_seeds([&](std::uint64_t seed) { return spread(seed, ratios); }));
    std::printf("| combatls: old/young spread, truth %.3f | %.3f | %.3f | %.3f |\n", ratios[3], ratios[0], ratios[1],
                ratios[2]);
    print("robust: values that are no outliers", over_seeds(outliers));
}
