// Estimates and shrinks the site effects, one site at a time, from moments alone.
#include "site_effects.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "row_fit.hpp"
#include "shrink_robust.hpp"
#include "tare/base/text.hpp"

namespace tare::stats {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

CellStatus status_of(const Moments& moments, const MeanModel& mean_model, bool only_site, Index s, Index f) {
    const double n = moments.n(s, f);
    if (std::isnan(mean_model.grand_mean[static_cast<std::size_t>(f)]) || n == 0.0) return CellStatus::absent;
    if (mean_model.constant[static_cast<std::size_t>(f)] || only_site) return CellStatus::unchanged;
    if (n == 1.0) return CellStatus::single_subject;
    if (constant_within_site(moments, s, f) || mean_model.residual_squares(s, f) == 0.0) return CellStatus::constant;
    return CellStatus::adjusted;
}

/// Mean and (n−1)-variance of the values that `use` picks.
struct MeanVariance {
    Index count = 0;
    double mean = 0.0;
    double variance = 0.0;
};

template <typename Use>
MeanVariance mean_variance(std::span<const double> values, const Use& use) {
    MeanVariance out;
    for (std::size_t f = 0; f < values.size(); ++f) {
        if (!use(f)) continue;
        out.mean += values[f];
        ++out.count;
    }
    if (out.count == 0) return out;
    out.mean /= static_cast<double>(out.count);
    for (std::size_t f = 0; f < values.size(); ++f) {
        if (use(f)) out.variance += (values[f] - out.mean) * (values[f] - out.mean);
    }
    out.variance = out.count > 1 ? out.variance / static_cast<double>(out.count - 1) : 0.0;
    return out;
}

/// The moments of γ̂ and δ̂ over features (Johnson et al. 2007, section 3.2). Degenerate cells take no part. Nothing
/// where fewer than two features can speak for the site.
std::optional<compute::SitePrior> prior_of(std::span<const double> gamma_hat, std::span<const double> delta_hat,
                                           std::span<const CellStatus> status) {
    const MeanVariance gamma = mean_variance(gamma_hat, [&](std::size_t f) {
        return status[f] == CellStatus::adjusted || status[f] == CellStatus::single_subject;
    });
    const MeanVariance delta = mean_variance(delta_hat, [&](std::size_t f) { return status[f] == CellStatus::adjusted; });
    if (gamma.count < 2) return std::nullopt;
    compute::SitePrior prior{gamma.mean, gamma.variance, nan, nan};
    if (delta.count < 2) return prior;
    const double m = delta.mean, v = delta.variance;
    const bool all_equal = v <= 0.0;  // then every δ* is their common value, which b holds
    prior.a = all_equal ? std::numeric_limits<double>::infinity() : (2.0 * v + m * m) / v;
    prior.b = all_equal ? m : (m * v + m * m * m) / v;
    return prior;
}

/// How each cell is shrunk.
std::vector<compute::Shrinkage> shrinkage_of(const CombatOptions& options, std::span<const CellStatus> status) {
    std::vector<compute::Shrinkage> out;
    for (const CellStatus cell : status) {
        switch (cell) {
            case CellStatus::adjusted:
                out.push_back(options.mean_only ? compute::Shrinkage::location : compute::Shrinkage::location_scale);
                break;
            case CellStatus::single_subject:
            case CellStatus::constant:
                out.push_back(compute::Shrinkage::location);
                break;
            case CellStatus::unchanged:
            case CellStatus::absent:
                out.push_back(compute::Shrinkage::none);
                break;
        }
    }
    return out;
}

/// Without a prior the estimates stand as they are, with the sampling variances of a normal sample's mean and variance.
compute::SiteEffects unshrunk(const compute::SiteEstimates& site) {
    compute::SiteEffects out = compute::unshrunk_effects(site.gamma_hat);
    for (std::size_t f = 0; f < site.gamma_hat.size(); ++f) {
        if (site.shrinkage[f] == compute::Shrinkage::none) continue;
        if (site.shrinkage[f] == compute::Shrinkage::location_scale) {
            out.delta_star[f] = site.delta_hat[f];
            out.delta_variance[f] = 2.0 * site.delta_hat[f] * site.delta_hat[f] / (site.n[f] - 1.0);
        }
        out.gamma_variance[f] = out.delta_star[f] / site.n[f];
    }
    return out;
}

/// longCombat sweeps until nothing changes any more.
compute::StopRule stop_rule(const CombatOptions& options) {
    return options.convention == Convention::tare || options.method == Method::longitudinal
               ? compute::StopRule::each_feature
               : compute::StopRule::all_together;
}

void store(CombatModel& model, Index s, const compute::SiteEffects& effects) {
    const bool is_reference =
        model.options.reference && model.sites[static_cast<std::size_t>(s)] == *model.options.reference;
    for (Index f = 0; f < model.status.columns(); ++f) {
        const CellStatus status = model.status(s, f);
        const bool pinned = is_reference || status == CellStatus::unchanged;
        const auto i = static_cast<std::size_t>(f);
        model.gamma_star(s, f) = status == CellStatus::absent ? nan : pinned ? 0.0 : effects.gamma_star[i];
        model.delta_star(s, f) = status == CellStatus::absent ? nan : pinned ? 1.0 : effects.delta_star[i];
        model.gamma_variance(s, f) = pinned ? 0.0 : effects.gamma_variance[i];
        model.delta_variance(s, f) = pinned ? 0.0 : effects.delta_variance[i];
    }
}

}  // namespace

void estimate_site_effects(CombatModel& model, Index first, const Moments& moments, const MeanModel& mean_model,
                           bool only_site) {
    for (Index s = 0; s < moments.site_count(); ++s) {
        for (Index f = 0; f < moments.feature_count(); ++f) {
            const auto i = static_cast<std::size_t>(f);
            const CellStatus status = status_of(moments, mean_model, only_site, s, f);
            const double sigma2 = mean_model.pooled_variance[i];
            model.status(s, first + f) = status;
            model.gamma_hat(s, first + f) =
                status == CellStatus::absent || sigma2 == 0.0
                    ? (status == CellStatus::absent ? nan : 0.0)
                    : (mean_model.site_mean(s, f) - mean_model.grand_mean[i]) / std::sqrt(sigma2);
            const double n = moments.n(s, f);
            model.delta_hat(s, first + f) =
                sigma2 == 0.0 || n < 2.0 ? nan : mean_model.residual_squares(s, f) / ((n - 1.0) * sigma2);
        }
    }
}

void shrink_site_effects(CombatModel& model, const Moments& moments, const compute::Backend& backend, base::Log& log,
                         const TrainingRows* standardised) {
    const Index sites = moments.site_count();
    const Index features = moments.feature_count();
    model.prior.assign(static_cast<std::size_t>(sites), std::nullopt);

    const bool peers_mean_only = model.options.mean_only && model.options.convention == Convention::neurocombat;
    std::vector<std::string> without_prior;
    Index not_converged = 0;
    for (Index s = 0; s < sites; ++s) {
        std::vector<double> n(static_cast<std::size_t>(features));
        for (Index f = 0; f < features; ++f) n[static_cast<std::size_t>(f)] = model.n(s, f);
        const std::vector<compute::Shrinkage> shrinkage = shrinkage_of(model.options, model.status.row(s));
        compute::SiteEstimates estimates{n, std::as_const(model.gamma_hat).row(s), std::as_const(model.delta_hat).row(s),
                                         shrinkage};

        auto& prior = model.prior[static_cast<std::size_t>(s)];
        const bool anything =
            std::any_of(shrinkage.begin(), shrinkage.end(), [](auto k) { return k != compute::Shrinkage::none; });
        if (model.options.prior != PriorKind::none && anything) {
            prior = prior_of(estimates.gamma_hat, estimates.delta_hat, std::as_const(model.status).row(s));
            const bool scaled =
                std::find(shrinkage.begin(), shrinkage.end(), compute::Shrinkage::location_scale) != shrinkage.end();
            if (prior && scaled && std::isnan(prior->a)) prior.reset();
            if (!prior) without_prior.push_back(moments.sites[static_cast<std::size_t>(s)]);
        }
        compute::SiteEffects effects;
        if (!prior) {
            effects = unshrunk(estimates);
        } else if (model.options.prior == PriorKind::nonparametric) {
            effects = backend.shrink_nonparametric(estimates);
        } else {
            if (peers_mean_only) std::fill(n.begin(), n.end(), 1.0);
            const auto stop = stop_rule(model.options);
            effects = standardised == nullptr ? backend.shrink_parametric(estimates, *prior, stop)
                                              : shrink_robust(values_of_site(standardised->values, standardised->site, s),
                                                              estimates, *prior, stop, backend.threads());
        }
        not_converged += effects.not_converged;
        store(model, s, effects);
        model.release();
        log.progress("empirical Bayes", static_cast<double>(s + 1) / static_cast<double>(sites));
    }
    if (without_prior.size() == static_cast<std::size_t>(sites)) {
        log.warn("fewer than two usable features: no prior can be formed, so empirical Bayes is switched off");
    } else if (!without_prior.empty()) {
        log.warn("fewer than two usable features at " + base::joined(without_prior) +
                 ": empirical Bayes is switched off there");
    }
    if (not_converged > 0)
        log.warn("empirical Bayes did not converge for " + base::counted(static_cast<std::size_t>(not_converged), "cell"));
}

}  // namespace tare::stats
