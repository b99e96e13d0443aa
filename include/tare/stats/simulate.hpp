// Seeded multi-site cohorts with known truth: what every subject would have measured without a site effect, and every
// parameter. y = α + age, sex and diagnosis effects + σ(γ_s + √δ_s ε); the truth is the same with γ = 0, δ = 1.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tare/data/cohort.hpp"

namespace tare::stats {

using base::Index;
using base::Matrix;

/// Effects are in units of a feature's own SD.
struct SimulationOptions {
    std::vector<Index> site_sizes;  ///< subjects of each site, at least 1
    Index features = 20;
    std::uint64_t seed = 1;
    double site_shift = 0.5;          ///< SD of the additive site effects γ
    double site_scale = 0.25;         ///< SD of the logarithm of the multiplicative site effects √δ
    double age_effect = 0.5;          ///< mean decline per 20 years
    double age_curve = 0.2;           ///< mean further decline per (20 years)², from 50 years: the non-linear part
    double sex_effect = 0.3;          ///< mean difference M − F
    double diagnosis_effect = 0.5;    ///< mean difference patient − control
    double diagnosis_fraction = 0.3;  ///< share of patients
    double missing = 0.0;             ///< share of feature cells that are missing
};

struct SimulatedCohort {
    data::Cohort observed;
    Matrix<double> truth;  ///< subjects × features: the values without site effect and with no cell missing
    std::vector<std::string> sites;
    std::vector<double> grand_mean, sigma;                                    ///< α, σ: features
    std::vector<double> age_effect, age_curve, sex_effect, diagnosis_effect;  ///< features, in the feature's units
    Matrix<double> gamma;  ///< sites × features, weighted by site size they sum to 0 over sites
    Matrix<double> delta;  ///< sites × features (variances), their weighted mean over sites is 1
};

/// The same options give the same cohort on every machine, up to the rounding of the C library's logarithm.
/// Throws Error (64) for options outside their range.
[[nodiscard]] SimulatedCohort simulate(const SimulationOptions& options);

/// The people of that cohort alone: ids, sites, age, sex and diagnosis, without features. Throws Error (64) likewise.
[[nodiscard]] data::Cohort simulate_people(const SimulationOptions& options);

/// The names of `count` sites, in sorted order.
[[nodiscard]] std::vector<std::string> simulated_sites(Index count);

}  // namespace tare::stats
