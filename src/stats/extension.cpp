// The new sites are fitted as a model of their own about the frozen mean model, and their rows sorted in.
#include "tare/stats/extension.hpp"

#include <algorithm>
#include <limits>

#include "covariance_step.hpp"
#include "feature_matching.hpp"
#include "fit_summary.hpp"
#include "row_fit.hpp"
#include "site_effects.hpp"
#include "tare/base/error.hpp"
#include "tare/base/text.hpp"

namespace tare::stats {
namespace {

std::vector<double> gathered(const std::vector<double>& values, std::span<const Index> positions) {
    std::vector<double> out;
    for (const Index p : positions) out.push_back(values[static_cast<std::size_t>(p)]);
    return out;
}

template <typename T>
Matrix<T> gathered(const Matrix<T>& values, std::span<const Index> positions, base::Workspace& workspace) {
    Matrix<T> out = workspace.matrix<T>(values.rows(), static_cast<Index>(positions.size()));
    for (Index r = 0; r < values.rows(); ++r) {
        for (std::size_t i = 0; i < positions.size(); ++i) out(r, static_cast<Index>(i)) = values(r, positions[i]);
    }
    return out;
}

/// Everything of a model but its sites, for some of its features.
CombatModel without_sites(const CombatModel& model, const data::Features& features, std::span<const Index> positions,
                          base::Workspace& workspace) {
    CombatModel out;
    out.options = model.options;
    out.features = features;
    out.design = model.design;
    out.covariate_mean = model.covariate_mean;
    out.grand_mean = gathered(model.grand_mean, positions);
    out.pooled_variance = gathered(model.pooled_variance, positions);
    out.coefficients = gathered(model.coefficients, positions, workspace);
    out.lambda = gathered(model.lambda, positions, workspace);
    out.edf = gathered(model.edf, positions, workspace);
    out.transform = model.transform;
    if (!model.person_ratio.empty()) out.person_ratio = gathered(model.person_ratio, positions);
    out.scale_design = model.scale_design;
    out.scale_covariate_mean = model.scale_covariate_mean;
    if (!model.log_sd.empty()) out.log_sd = gathered(model.log_sd, positions);
    out.log_sd_coefficients = gathered(model.log_sd_coefficients, positions, workspace);
    if (model.covariance) {
        if (static_cast<Index>(positions.size()) != model.features.count())
            throw base::inconsistent("covbat needs every feature of the model to estimate a site's effects",
                                     "leave out --features and --exclude");
        const CovarianceStep& step = *model.covariance;
        out.covariance = CovarianceStep{{gathered(step.axes.centre, positions), gathered(step.axes.scale, positions),
                                         gathered(step.axes.axes, positions, workspace), step.axes.variance},
                                        step.grand_mean,
                                        step.pooled_variance,
                                        {},
                                        {}};
    }
    return out;
}

void set_sites(CombatModel& model, std::vector<std::string> sites, base::Workspace& workspace) {
    const auto count = static_cast<Index>(sites.size()), features = model.features.count();
    model.sites = std::move(sites);
    for (Matrix<double>* matrix : {&model.gamma_hat, &model.delta_hat, &model.gamma_star, &model.delta_star,
                                   &model.gamma_variance, &model.delta_variance}) {
        *matrix = workspace.matrix<double>(count, features);
    }
    model.status = workspace.matrix<CellStatus>(count, features);
    if (!model.person_ratio.empty()) model.site_shift = workspace.matrix<double>(count, features);
    if (model.covariance) {
        const auto components = static_cast<Index>(model.covariance->grand_mean.size());
        model.covariance->gamma = Matrix<double>(count, components);
        model.covariance->delta = Matrix<double>(count, components, 1.0);
    }
    model.site_subjects.assign(model.sites.size(), 0);
    model.prior.assign(model.sites.size(), std::nullopt);
}

/// One site of `from`, whose features are at `positions`, becomes site `to` of the model.
void copy_site(CombatModel& model, Index to, const CombatModel& from, Index s, std::span<const Index> positions) {
    const auto copy = [&](auto& target, const auto& source) {
        for (std::size_t i = 0; i < positions.size(); ++i) target(to, static_cast<Index>(i)) = source(s, positions[i]);
    };
    copy(model.gamma_hat, from.gamma_hat);
    copy(model.delta_hat, from.delta_hat);
    copy(model.gamma_star, from.gamma_star);
    copy(model.delta_star, from.delta_star);
    copy(model.gamma_variance, from.gamma_variance);
    copy(model.delta_variance, from.delta_variance);
    copy(model.status, from.status);
    if (!model.site_shift.empty()) copy(model.site_shift, from.site_shift);
    if (model.covariance) {
        const auto copy_row = [&](Matrix<double>& target, const Matrix<double>& source) {
            std::copy(source.row(s).begin(), source.row(s).end(), target.row(to).begin());
        };
        copy_row(model.covariance->gamma, from.covariance->gamma);
        copy_row(model.covariance->delta, from.covariance->delta);
    }
    for (std::size_t i = 0; !model.observed.empty() && i < positions.size(); ++i)
        model.observed(to, static_cast<Index>(i)) = from.n(s, positions[i]);
    model.site_subjects[static_cast<std::size_t>(to)] = from.site_subjects[static_cast<std::size_t>(s)];
    model.prior[static_cast<std::size_t>(to)] = from.prior[static_cast<std::size_t>(s)];
}

/// The sites of `newcomers` alone, fitted about the mean model of `frame`.
CombatModel fitted_sites(CombatModel frame, const Moments& newcomers, const compute::Backend& backend,
                         base::Workspace& workspace, base::Log& log, TrainingRows* rows) {
    const MeanModel mean_model =
        frozen_mean_model(newcomers, frame.grand_mean, frame.pooled_variance, frame.coefficients, backend);
    set_sites(frame, newcomers.sites, workspace);
    frame.site_subjects = newcomers.site_subjects;
    frame.observed = Matrix<double>(newcomers.site_count(), newcomers.feature_count());
    for (Index s = 0; s < newcomers.site_count(); ++s) {
        for (Index f = 0; f < newcomers.feature_count(); ++f) frame.observed(s, f) = newcomers.n(s, f);
    }
    estimate_site_effects(frame, 0, newcomers, mean_model, false);
    // A new site's own people are all there is: who travels to it is not asked.
    if (needs_rows(frame.options) && !frame.options.travelling) {
        standardise_frozen(frame, *rows, backend.threads());
        estimate_from_standardised(frame, rows->values, rows->site, backend.threads());
    }
    shrink_site_effects(frame, newcomers, backend, log, frame.options.robust ? rows : nullptr);
    if (frame.covariance) estimate_score_effects(frame, *rows, backend.threads());
    return frame;
}

TrainingRecord joined(const TrainingRecord& model, const TrainingRecord& newcomers) {
    TrainingRecord out{model.n + newcomers.n, model.salt, {}};
    if (model.id_hashes.empty() || newcomers.id_hashes.empty() || model.salt != newcomers.salt) return {out.n, {}, {}};
    std::merge(model.id_hashes.begin(), model.id_hashes.end(), newcomers.id_hashes.begin(), newcomers.id_hashes.end(),
               std::back_inserter(out.id_hashes));
    return out;
}

}  // namespace

CombatModel extended(const CombatModel& model, const Moments& newcomers, const compute::Backend& backend,
                     base::Workspace& workspace, base::Log& log, TrainingRows* rows) {
    if (newcomers.design.terms() != model.design.terms()) {
        throw base::inconsistent("the new sites' moments have another design than the model");
    }
    for (const std::string& site : newcomers.sites) {
        if (std::binary_search(model.sites.begin(), model.sites.end(), site))
            throw base::inconsistent("site '" + site + "' is in the model already");
    }
    const std::vector<Index> positions = match_features(model.features, newcomers.features, "the new sites");
    check_site_sizes(newcomers, model.options.min_per_site);
    const CombatModel added = fitted_sites(without_sites(model, newcomers.features, positions, workspace), newcomers,
                                           backend, workspace, log, rows);
    warn_of_degenerate_sites(added, log);
    std::vector<Index> own(positions.size());
    for (std::size_t i = 0; i < own.size(); ++i) own[i] = static_cast<Index>(i);

    CombatModel out = without_sites(model, newcomers.features, positions, workspace);
    out.training = joined(model.training, newcomers.training);
    std::vector<std::string> sites;
    std::merge(model.sites.begin(), model.sites.end(), added.sites.begin(), added.sites.end(), std::back_inserter(sites));
    set_sites(out, sites, workspace);
    bool gaps = !model.observed.empty();
    for (Index s = 0; s < newcomers.site_count(); ++s) {
        for (Index f = 0; f < newcomers.feature_count(); ++f)
            gaps = gaps || newcomers.n(s, f) < static_cast<double>(newcomers.site_subjects[static_cast<std::size_t>(s)]);
    }
    if (gaps) out.observed = workspace.matrix<double>(static_cast<Index>(sites.size()), out.features.count());
    for (std::size_t s = 0; s < sites.size(); ++s) {
        const auto old = std::lower_bound(model.sites.begin(), model.sites.end(), sites[s]);
        const bool known = old != model.sites.end() && *old == sites[s];
        const auto fresh = std::lower_bound(added.sites.begin(), added.sites.end(), sites[s]);
        copy_site(out, static_cast<Index>(s), known ? model : added,
                  known ? old - model.sites.begin() : fresh - added.sites.begin(), known ? positions : own);
    }
    return out;
}

}  // namespace tare::stats
