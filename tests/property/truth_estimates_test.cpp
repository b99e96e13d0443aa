// What is estimated is near the truth, on simulated cohorts: curves, multiplicative effects, sites that come later, and how
// sure a site's effect is.
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cohort_runs.hpp"
#include "truth_study.hpp"

using namespace tare;
using namespace tare::test;

namespace {

using Values = base::Matrix<double>;

/// Every feature rises and falls with age in its own way, and the sites differ in age.
Errors curves(std::uint64_t seed) {
    base::Rng rng(seed);
    constexpr Index sites = 4, each = 60, features = 20;
    TruthStudy study(sites * each, features);
    const SiteEffect effect(sites, features, 0.8, 0.2, rng);
    for (Index i = 0; i < study.truth.rows(); ++i) {
        TruthRow& row = study.rows[static_cast<std::size_t>(i)];
        const double young = 10.0 + 15.0 * static_cast<double>(i % sites);
        row = {"p" + std::to_string(i), i % sites, rng.uniform(young, young + 35.0), 0.0, rng.uniform() < 0.5};
        for (Index f = 0; f < features; ++f) {
            const double peak = 25.0 + 1.5 * static_cast<double>(f), away = (row.age - peak) / 25.0;
            const double mean = 10.0 + 2.0 * std::exp(-0.5 * away * away) + (row.male ? 0.3 : 0.0);
            const double noise = 0.7 * rng.normal();
            study.truth(i, f) = mean + noise;
            study.raw(i, f) = mean + effect.shift(row.site, f) + effect.factor(row.site, f) * noise;
        }
    }
    return {rmse(study.raw, study), rmse(study.harmonised("--covariates age,sex"), study),
            rmse(study.harmonised("--covariates sex --smooth age"), study)};
}

/// Volumes that a scanner makes larger by a factor. The error is that of logarithms, in their SD.
Errors factors(std::uint64_t seed) {
    base::Rng rng(seed);
    constexpr Index sites = 4, each = 50, features = 20;
    TruthStudy study(sites * each, features);
    const SiteEffect effect(sites, features, 0.25, 0.1, rng);
    for (Index i = 0; i < study.truth.rows(); ++i) {
        TruthRow& row = study.rows[static_cast<std::size_t>(i)];
        row = {"p" + std::to_string(i), i % sites, rng.uniform(20.0, 80.0), 0.0, rng.uniform() < 0.5};
        for (Index f = 0; f < features; ++f) {
            const double mean = 1.0 - 0.015 * row.age + (row.male ? 0.2 : 0.0), noise = 0.35 * rng.normal();
            study.truth(i, f) = mean + noise;
            study.raw(i, f) = std::exp(mean + effect.shift(row.site, f) + effect.factor(row.site, f) * noise);
        }
    }
    const auto error = [&](Values values) {
        // Where plain ComBat leaves no positive value, the smallest measured one stands for it.
        for (Index k = 0; k < values.size(); ++k) values.data()[k] = std::log(std::max(values.data()[k], 0.05));
        return rmse(values, study);
    };
    const std::string design = "--covariates age,sex ";
    return {error(study.raw), error(study.harmonised(design)), error(study.harmonised(design + "--transform log"))};
}

/// A site of 20 whose effects are estimated with the model of five others held as it is, beside a fit with it.
struct LaterSite {
    double raw = 0.0, later = 0.0, with = 0.0;  ///< errors of the new site's values, in SD
    double apart = 0.0;                         ///< root mean square difference of the two, in SD
};

LaterSite later_site(std::uint64_t seed) {
    base::Rng rng(seed);
    constexpr Index sites = 6, features = 40, newcomers = 20, each = 60;
    TruthStudy study((sites - 1) * each + newcomers, features);
    const SiteEffect effect(sites, features, 0.8, 0.2, rng);
    std::vector<bool> old, fresh;
    for (Index i = 0; i < study.truth.rows(); ++i) {
        TruthRow& row = study.rows[static_cast<std::size_t>(i)];
        const Index s = i < newcomers ? sites - 1 : i % (sites - 1);
        row = {"p" + std::to_string(i), s, rng.uniform(20.0, 70.0), 0.0, rng.uniform() < 0.5};
        fresh.push_back(s == sites - 1);
        old.push_back(!fresh.back());
        for (Index f = 0; f < features; ++f) {
            const double mean = 10.0 - 0.03 * row.age + (row.male ? 0.3 : 0.0), noise = rng.normal();
            study.truth(i, f) = mean + noise;
            study.raw(i, f) = mean + effect.shift(s, f) + effect.factor(s, f) * noise;
        }
    }
    const TemporaryDirectory work;
    study.write(work.path() / "old.tsv", old);
    study.write(work.path() / "new.tsv", fresh);
    must(
        "tare-fit --input old.tsv --covariates age,sex --features 'f*' --model m.json && "
        "tare-apply --model m.json --input new.tsv --unseen-site estimate --output new_out.tsv && "
        "tare-fit --extend m.json --input new.tsv --model more.json && "
        "tare-apply --model more.json --input new.tsv --output extended_out.tsv",
        work.path());
    CHECK(bytes_of(work.path() / "new_out.tsv") == bytes_of(work.path() / "extended_out.tsv"));
    const Values alone = study_values(work.path() / "new_out.tsv"), whole = study.harmonised("--covariates age,sex");
    LaterSite out;
    for (Index i = 0; i < newcomers; ++i) {
        for (Index f = 0; f < features; ++f) {
            out.raw += std::pow(study.raw(i, f) - study.truth(i, f), 2);
            out.later += std::pow(alone(i, f) - study.truth(i, f), 2);
            out.with += std::pow(whole(i, f) - study.truth(i, f), 2);
            out.apart += std::pow(alone(i, f) - whole(i, f), 2);
        }
    }
    for (double* sum : {&out.raw, &out.later, &out.with, &out.apart})
        *sum = std::sqrt(*sum / static_cast<double>(newcomers * features));
    return out;
}

LaterSite later_sites() {
    LaterSite sum;
    for (const std::uint64_t seed : {41U, 42U, 43U}) {
        const LaterSite one = later_site(seed);
        sum.raw += one.raw / 3.0;
        sum.later += one.later / 3.0;
        sum.with += one.with / 3.0;
        sum.apart += one.apart / 3.0;
    }
    return sum;
}

/// The shares of cells whose γ* ± 1.96 SD holds the true γ, for sites of 6, 15 and 50.
struct Coverage {
    std::array<double, 3> by_size{};
};

Coverage coverage(const std::string& options) {
    base::Rng rng(51);
    constexpr std::array<Index, 3> sizes{6, 15, 50};
    constexpr Index sites = 24, features = 100;
    Index subjects = 0;
    for (Index s = 0; s < sites; ++s) subjects += sizes[static_cast<std::size_t>(s % 3)];
    std::array<double, 3> inside{}, count{};
    for (int repeat = 0; repeat < 3; ++repeat) {
        TruthStudy study(subjects, features);
        Values shift(sites, features), sd(sites, features);
        Index i = 0;
        for (Index s = 0; s < sites; ++s) {
            const double level = 0.5 * rng.normal(), spread = rng.uniform(0.2, 0.6);
            for (Index f = 0; f < features; ++f) {
                shift(s, f) = level + spread * rng.normal();
                sd(s, f) = 1.0 / std::sqrt(rng.gamma(12.0, 1.0 / 12.0));
            }
            for (Index k = 0; k < sizes[static_cast<std::size_t>(s % 3)]; ++k, ++i) {
                TruthRow& row = study.rows[static_cast<std::size_t>(i)];
                row = {"p" + std::to_string(i), s, rng.uniform(20.0, 70.0), 0.0, rng.uniform() < 0.5};
                for (Index f = 0; f < features; ++f)
                    study.raw(i, f) = 10.0 - 0.03 * row.age + (row.male ? 0.3 : 0.0) + shift(s, f) + sd(s, f) * rng.normal();
            }
        }
        const TemporaryDirectory work;
        study.write(work.path() / "raw.tsv");
        must("tare-fit --input raw.tsv --features 'f*' --covariates age,sex --model m.json " + options, work.path());
        std::ifstream file(work.path() / "m.json");
        const nlohmann::json model = nlohmann::json::parse(file);
        std::vector<std::size_t> place(static_cast<std::size_t>(sites));
        for (std::size_t s = 0; s < place.size(); ++s)
            place[std::stoul(model["sites"][s]["name"].get<std::string>().substr(1))] = s;
        for (Index f = 0; f < features; ++f) {
            const auto at = [&](const char* key, Index site) {
                return model[key][place[static_cast<std::size_t>(site)]][static_cast<std::size_t>(f)].get<double>();
            };
            double mean = 0.0;
            for (Index s = 0; s < sites; ++s)
                mean += shift(s, f) * static_cast<double>(sizes[static_cast<std::size_t>(s % 3)]) /
                        static_cast<double>(subjects);
            const double sigma = std::sqrt(model["pooled_variance"][static_cast<std::size_t>(f)].get<double>());
            for (Index s = 0; s < sites; ++s) {
                const double error = at("gamma_star", s) - (shift(s, f) - mean) / sigma;
                const auto size = static_cast<std::size_t>(s % 3);
                inside[size] += std::abs(error) <= 1.96 * std::sqrt(at("gamma_variance", s)) ? 1.0 : 0.0;
                count[size] += 1.0;
            }
        }
    }
    Coverage out;
    for (std::size_t k = 0; k < sizes.size(); ++k) out.by_size[k] = inside[k] / count[k];
    return out;
}

}  // namespace

TEST_CASE("a curve of age is recovered better than by a straight line, where sites differ in age") {
    const Errors error = over_seeds(curves);
    INFO("raw " << error.raw << ", line " << error.plain << ", curve " << error.method);
    CHECK(error.method < 0.7 * error.plain);
    CHECK(error.method < 0.7 * error.raw);
}

TEST_CASE("multiplicative effects of sites are removed by harmonising logarithms") {
    const Errors error = over_seeds(factors);
    INFO("raw " << error.raw << ", ComBat " << error.plain << ", of logarithms " << error.method);
    CHECK(error.method < 0.7 * error.plain);
    CHECK(error.method < 0.5 * error.raw);
}

TEST_CASE("a site that comes later is harmonised nearly as in a fit with it") {
    const LaterSite found = later_sites();
    INFO("raw " << found.raw << ", later " << found.later << ", with it " << found.with << ", apart " << found.apart);
    CHECK(found.later < 1.3 * found.with);
    CHECK(found.later < 0.4 * found.raw);
    CHECK(found.apart < 0.15 * found.raw);
}

TEST_CASE("intervals of 95 % around a site's effect hold the true one in about 95 % of cells") {
    const Coverage shrunk = coverage("");
    for (std::size_t k = 0; k < 3; ++k) {
        INFO("sites of 6, 15, 50: number " << k);
        CHECK(shrunk.by_size[k] > 0.93);
        CHECK(shrunk.by_size[k] < 0.98);
    }
    // Without a prior the variance is that of the site alone, and the interval is Student's: 1.96 stands for less.
    const Coverage alone = coverage("--prior none");
    const std::array<double, 3> student{0.893, 0.930, 0.944};
    for (std::size_t k = 0; k < 3; ++k) CHECK(std::abs(alone.by_size[k] - student[k]) < 0.015);
}

TEST_CASE("what is estimated beside the truth, as the table of docs/validation.md", "[.table]") {
    const auto print = [](const char* name, const Errors& error) {
        std::printf("| %s | %.3f | %.3f | %.3f |\n", name, error.raw, error.plain, error.method);
    };
    print("curve of age: values", over_seeds(curves));
    print("logarithms: values", over_seeds(factors));
    const LaterSite later = later_sites();
    std::printf("later site of 20: raw %.3f, later %.3f, with it %.3f, apart %.3f\n", later.raw, later.later, later.with,
                later.apart);
    for (const std::string options : {"", "--prior none"}) {
        const Coverage found = coverage(options);
        std::printf("coverage %s: sites of 6 %.3f, of 15 %.3f, of 50 %.3f\n", options.c_str(), found.by_size[0],
                    found.by_size[1], found.by_size[2]);
    }
}
