// ComBat (Johnson, Li, Rabinovic 2007; Fortin et al. 2017, 2018): fit gives a model, apply harmonises with it.
// A model holds parameters and no subject's values; applying depends on the model and the subject alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tare/base/log.hpp"
#include "tare/compute/backend.hpp"
#include "tare/stats/mean_model.hpp"
#include "tare/stats/moments.hpp"

namespace tare::stats {

enum class PriorKind { parametric, nonparametric, none };

struct CombatOptions {
    PriorKind prior = PriorKind::parametric;
    bool mean_only = false;
    std::optional<std::string> reference;
    Convention convention = Convention::tare;
};

/// What could be estimated of one feature at one site.
enum class CellStatus : unsigned char {
    adjusted,        ///< location and scale
    single_subject,  ///< one subject only: location, δ* = 1
    constant,        ///< the same value throughout the site: location, δ* = 1
    unchanged,       ///< constant everywhere, or the only site there is: passes through as it is
    absent           ///< no value of the feature at this site: nothing can be applied
};

struct CombatModel {
    CombatOptions options;
    std::vector<std::string> features;
    std::vector<std::string> sites;  ///< sorted by bytes
    std::vector<Index> site_subjects;
    Design design;
    std::vector<double> grand_mean;       ///< α: features
    std::vector<double> pooled_variance;  ///< σ²: features
    Matrix<double> coefficients;          ///< β: terms × features
    Matrix<double> gamma_hat;             ///< γ̂: sites × features; NaN where absent
    Matrix<double> delta_hat;             ///< δ̂ (a variance): sites × features; NaN where it cannot be estimated
    Matrix<double> gamma_star;            ///< γ*: sites × features
    Matrix<double> delta_star;            ///< δ*: sites × features
    std::vector<std::optional<compute::SitePrior>> prior;  ///< per site; none where no prior was formed
    Matrix<CellStatus> status;                             ///< sites × features
    TrainingRecord training;
};

/// Fits from moments alone. Says in `log` what was degenerate, once each.
/// Throws Error (65) for designs that cannot be estimated and an unknown reference site.
[[nodiscard]] CombatModel fit(const Moments& moments, const CombatOptions& options, const compute::Backend& backend,
                              base::Log& log);

enum class UnseenSite {
    error,  ///< refuse
    keep    ///< leave the subjects of such sites as they are, with a warning
};

/// Harmonises `sample.features` in place with a frozen model. Features, sites, columns and levels are matched by
/// name; every feature of the sample must be in the model. Missing cells stay missing.
/// Throws Error (65): unknown site or level, missing covariate, a value of a feature that the model has never seen at
/// that site, and values that overflow; the sample is not to be used then.
void apply(const CombatModel& model, data::Cohort& sample, UnseenSite unseen, const compute::Backend& backend,
           base::Log& log);

}  // namespace tare::stats
