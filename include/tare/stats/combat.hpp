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
#include "tare/stats/principal_axes.hpp"
#include "tare/stats/training_rows.hpp"
#include "tare/stats/transform.hpp"

namespace tare::stats {

enum class PriorKind { parametric, nonparametric, none };

enum class Method {
    combat,        ///< Johnson et al. 2007
    covbat,        ///< then the covariance between features, Chen et al. 2022
    longitudinal,  ///< repeated visits: a random intercept for every person, Beer et al. 2020
    combatls       ///< a spread that depends on covariates, Gardner et al. 2024
};

/// What a feature of the longitudinal method is standardised by.
enum class SigmaKind {
    reml,  ///< the residual SD of the mixed model
    msr    ///< the root mean square of its conditional residuals
};

struct CombatOptions {
    Method method = Method::combat;
    PriorKind prior = PriorKind::parametric;
    bool mean_only = false;
    std::optional<std::string> reference = {};
    Convention convention = Convention::tare;
    Index min_per_site = 1;   ///< fewer values of a feature at a site are an error
    bool robust = false;      ///< medians and biweight midvariances in place of means and variances of a site
    bool travelling = false;  ///< site effects from people who were measured at several sites
    SigmaKind sigma = SigmaKind::reml;
    std::optional<Index> components = {};  ///< covbat: how many; else as many as explain …
    double explained = 0.95;               ///< … more than this share of the variance
    bool scale_features = true;            ///< covbat: axes of correlations, not of covariances
};

/// True where the fit needs the training rows, and moments are not enough.
[[nodiscard]] bool needs_rows(const CombatOptions& options);

/// CovBat's second step: principal axes of what is left of the harmonised values, and the sites' effects on their scores.
struct CovarianceStep {
    PrincipalAxes axes;
    std::vector<double> grand_mean, pooled_variance;  ///< of the scores: components
    Matrix<double> gamma, delta;                      ///< sites × components
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
    data::Features features;
    std::vector<std::string> sites;  ///< sorted by bytes
    std::vector<Index> site_subjects;
    Design design;
    std::vector<double> grand_mean;         ///< α: features
    std::vector<double> pooled_variance;    ///< σ²: features
    Matrix<double> coefficients;            ///< β: terms × features
    Matrix<double> lambda;                  ///< curves × features: the weight of each penalty; infinite for straight lines
    Matrix<double> edf;                     ///< curves × features: effective degrees of freedom
    Matrix<double> gamma_hat;               ///< γ̂: sites × features; NaN where absent
    Matrix<double> delta_hat;               ///< δ̂ (a variance): sites × features; NaN where it cannot be estimated
    Matrix<double> gamma_star;              ///< γ*: sites × features
    Matrix<double> delta_star;              ///< δ*: sites × features
    Matrix<double> gamma_variance;          ///< of γ*, posterior: sites × features; NaN where unknown
    Matrix<double> delta_variance;          ///< of δ*, posterior: sites × features; NaN where δ is not estimated
    Matrix<double> observed;                ///< n: sites × features; empty where every subject has every feature
    std::vector<double> covariate_mean;     ///< terms: over all values that were trained on
    Transform transform = Transform::none;  ///< of the values before anything else
    std::vector<double> person_ratio;       ///< longitudinal: variance between persons by that within, θ: features
    Matrix<double> site_shift;              ///< longitudinal: α_s − α of the mixed model: sites × features
    Design scale_design;                    ///< combatls: the covariates of the spread
    std::vector<double> log_sd;             ///< combatls: of a subject whose scale codes are 0: features
    Matrix<double> log_sd_coefficients;     ///< combatls: scale terms × features
    std::vector<double> scale_covariate_mean;              ///< combatls: scale terms
    std::optional<CovarianceStep> covariance;              ///< covbat
    std::vector<std::optional<compute::SitePrior>> prior;  ///< per site; none where no prior was formed
    Matrix<CellStatus> status;                             ///< sites × features
    TrainingRecord training;
    std::vector<CombatModel> next;  ///< of further batch variables: each harmonises what the one before gives

    /// Training subjects of a site that have this feature.
    [[nodiscard]] double n(Index site, Index feature) const {
        return observed.empty() ? static_cast<double>(site_subjects[static_cast<std::size_t>(site)])
                                : observed(site, feature);
    }
    /// Takes out of memory for now what is in files.
    void release() const noexcept;
};

/// Fits from moments, and from the training rows where the method needs them (needs_rows); their values are used up. Says in
/// `log` what was degenerate, once each. Beyond the moments and the model it holds a block of features, or all features of
/// one site. Throws Error (65) for designs that cannot be estimated and an unknown reference site.
[[nodiscard]] CombatModel fit(const Moments& moments, const CombatOptions& options, const compute::Backend& backend,
                              base::Workspace& workspace, base::Log& log, TrainingRows* rows = nullptr,
                              const Design& scale_design = {});
[[nodiscard]] inline CombatModel fit(const Moments& moments, const CombatOptions& options, const compute::Backend& backend,
                                     base::Log& log) {
    base::Workspace on_the_heap;
    return fit(moments, options, backend, on_the_heap, log);
}

}  // namespace tare::stats
