// Drawing a cohort: people first, then features with their effects, then sites, then noise.
#include "tare/stats/simulate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "tare/base/error.hpp"
#include "tare/base/rng.hpp"

namespace tare::stats {
namespace {

/// A kind of measure: the suffix of its name and where its values lie.
struct Measure {
    const char* name;
    double mean, mean_spread, sd;
};
constexpr std::array<Measure, 3> measures{
    {{"thickness", 2.6, 0.3, 0.15}, {"volume", 6000.0, 2500.0, 700.0}, {"fd", 2.4, 0.1, 0.05}}};

constexpr double age_centre = 50.0, age_unit = 20.0;

void check(const SimulationOptions& options) {
    if (options.site_sizes.empty()) throw base::usage_error("a cohort needs at least one site");
    if (std::any_of(options.site_sizes.begin(), options.site_sizes.end(), [](Index n) { return n < 1; })) {
        throw base::usage_error("a site needs at least one subject");
    }
    if (options.features < 1) throw base::usage_error("a cohort needs at least one feature");
    if (options.site_shift < 0.0 || options.site_scale < 0.0)
        throw base::usage_error("the spread of site effects is at least 0");
    if (options.missing < 0.0 || options.missing >= 1.0)
        throw base::usage_error("the share of missing cells is at least 0 and below 1");
    if (options.diagnosis_fraction < 0.0 || options.diagnosis_fraction > 1.0)
        throw base::usage_error("a share lies between 0 and 1");
}

/// "site-03" with as many digits as the largest number needs (at least two).
std::string numbered(const std::string& stem, Index number, Index largest) {
    const std::string digits = std::to_string(number);
    const std::size_t width = std::max<std::size_t>(2, std::to_string(largest).size());
    return stem + std::string(width - digits.size(), '0') + digits;
}

/// `value` with so many decimals that about five digits of a feature's SD remain, as instruments write it.
double rounded(double value, double sd) {
    const double steps = std::pow(10.0, std::max(0.0, 4.0 - std::floor(std::log10(sd))));
    return std::round(value * steps) / steps;
}

data::Cohort draw_people(const SimulationOptions& options, base::Rng& rng) {
    data::Cohort people;
    data::Covariate age{"age", false, {}, {}}, sex{"sex", true, {}, {}}, diagnosis{"diagnosis", true, {}, {}};
    Index total = 0;
    for (const Index size : options.site_sizes) total += size;
    const std::vector<std::string> sites = simulated_sites(static_cast<Index>(options.site_sizes.size()));
    for (std::size_t s = 0; s < sites.size(); ++s) {
        const double mean_age = std::clamp(50.0 + 8.0 * rng.normal(), 30.0, 70.0);
        for (Index i = 0; i < options.site_sizes[s]; ++i) {
            people.ids.push_back(numbered("sub-", people.subjects() + 1, total));
            people.sites.push_back(sites[s]);
            age.numbers.push_back(std::round(100.0 * std::clamp(mean_age + 14.0 * rng.normal(), 18.0, 90.0)) / 100.0);
            sex.levels.emplace_back(rng.uniform() < 0.5 ? "F" : "M");
            diagnosis.levels.emplace_back(rng.uniform() < options.diagnosis_fraction ? "patient" : "control");
        }
    }
    people.source = "simulated cohort";
    for (Index i = 0; i < total; ++i) people.line_numbers.push_back(static_cast<std::uint32_t>(i) + 2);
    people.covariates = {std::move(age), std::move(sex), std::move(diagnosis)};
    return people;
}

void draw_features(SimulatedCohort& out, const SimulationOptions& options, base::Rng& rng) {
    const auto kinds = static_cast<Index>(measures.size());
    for (Index f = 0; f < options.features; ++f) {
        const Measure& measure = measures[static_cast<std::size_t>(f % kinds)];
        const Index region = f / kinds + 1, regions = (options.features + kinds - 1) / kinds;
        out.observed.features.names.push_back(numbered("region", region, regions) + "_" + measure.name);
        const double sd = measure.sd * rng.uniform(0.7, 1.3);
        out.sigma.push_back(sd);
        out.grand_mean.push_back(measure.mean + measure.mean_spread * rng.uniform(-1.0, 1.0));
        out.age_effect.push_back(-options.age_effect * sd * rng.uniform(0.5, 1.5) / age_unit);
        out.age_curve.push_back(-options.age_curve * sd * rng.uniform(0.5, 1.5) / (age_unit * age_unit));
        out.sex_effect.push_back(options.sex_effect * sd * rng.uniform(0.5, 1.5));
        out.diagnosis_effect.push_back(-options.diagnosis_effect * sd * rng.uniform(0.5, 1.5));
    }
}

/// Site effects share a mean over features, as scanners do, and are centred so that the truth is what remains.
void draw_sites(SimulatedCohort& out, const SimulationOptions& options, base::Rng& rng) {
    const auto sites = static_cast<Index>(options.site_sizes.size());
    out.gamma = Matrix<double>(sites, options.features);
    out.delta = Matrix<double>(sites, options.features);
    const double half = std::sqrt(0.5);
    for (Index s = 0; s < sites; ++s) {
        const double shift = half * options.site_shift * rng.normal();
        const double scale = half * options.site_scale * rng.normal();
        for (Index f = 0; f < options.features; ++f) {
            out.gamma(s, f) = shift + half * options.site_shift * rng.normal();
            out.delta(s, f) = std::exp(2.0 * (scale + half * options.site_scale * rng.normal()));
        }
    }
    double total = 0.0;
    for (const Index size : options.site_sizes) total += static_cast<double>(size);
    for (Index f = 0; f < options.features; ++f) {
        double gamma = 0.0, delta = 0.0;
        for (Index s = 0; s < sites; ++s) {
            const double weight = static_cast<double>(options.site_sizes[static_cast<std::size_t>(s)]) / total;
            gamma += weight * out.gamma(s, f);
            delta += weight * out.delta(s, f);
        }
        for (Index s = 0; s < sites; ++s) {
            out.gamma(s, f) -= gamma;
            out.delta(s, f) /= delta;
        }
    }
}

void draw_values(SimulatedCohort& out, const SimulationOptions& options, base::Rng& rng) {
    const data::Cohort& people = out.observed;
    const Index subjects = people.subjects();
    out.truth = Matrix<double>(subjects, options.features);
    out.observed.features.values = Matrix<double>(subjects, options.features);
    Index site = 0, left = options.site_sizes.front();
    for (Index i = 0; i < subjects; ++i) {
        while (left == 0) left = options.site_sizes[static_cast<std::size_t>(++site)];
        --left;
        const auto row = static_cast<std::size_t>(i);
        const double age = people.covariates[0].numbers[row] - age_centre;
        const bool male = people.covariates[1].levels[row] == "M";
        const bool patient = people.covariates[2].levels[row] == "patient";
        for (Index f = 0; f < options.features; ++f) {
            const auto k = static_cast<std::size_t>(f);
            const double expected = out.grand_mean[k] + age * out.age_effect[k] + age * age * out.age_curve[k] +
                                    (male ? out.sex_effect[k] : 0.0) + (patient ? out.diagnosis_effect[k] : 0.0);
            const double noise = rng.normal();
            const bool missing = options.missing > 0.0 && rng.uniform() < options.missing;
            out.truth(i, f) = rounded(expected + out.sigma[k] * noise, out.sigma[k]);
            out.observed.features.values(i, f) =
                missing ? std::numeric_limits<double>::quiet_NaN()
                        : rounded(expected + out.sigma[k] * (out.gamma(site, f) + std::sqrt(out.delta(site, f)) * noise),
                                  out.sigma[k]);
        }
    }
}

}  // namespace

SimulatedCohort simulate(const SimulationOptions& options) {
    check(options);
    base::Rng rng(options.seed);
    SimulatedCohort out;
    out.observed = draw_people(options, rng);
    out.sites = simulated_sites(static_cast<Index>(options.site_sizes.size()));
    draw_features(out, options, rng);
    draw_sites(out, options, rng);
    draw_values(out, options, rng);
    return out;
}

data::Cohort simulate_people(const SimulationOptions& options) {
    check(options);
    base::Rng rng(options.seed);
    return draw_people(options, rng);
}

std::vector<std::string> simulated_sites(Index count) {
    std::vector<std::string> names;
    for (Index s = 1; s <= count; ++s) names.push_back(numbered("site-", s, count));
    return names;
}

}  // namespace tare::stats
