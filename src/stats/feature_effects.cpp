// Effects of sites and covariates from the moments of a table.
#include "tare/stats/feature_effects.hpp"

#include <cmath>
#include <limits>

#include "tare/stats/mean_model.hpp"

namespace tare::stats {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Moments moments_in_memory(const data::Cohort& cohort, const Matrix<double>& values, const data::Features& features,
                          const std::vector<std::string>& covariates, const compute::Backend& backend) {
    const data::TrainingSet all = data::TrainingSet::all(cohort);
    data::MatrixRows rows(values);
    base::Workspace on_the_heap;
    base::SilentLog silent;
    return moments_of(all, {learn_design(all, covariates, {}), features, Gaps::missing_cells, KeepIds::no}, rows, backend,
                      on_the_heap, silent);
}

/// SD over sites of log SD; sites with fewer than three values say nothing about their spread.
double spread_of(const Moments& moments, const MeanModel& model, Index f) {
    double sum = 0.0, squares = 0.0, sites = 0.0;
    for (Index s = 0; s < moments.site_count(); ++s) {
        const double n = moments.n(s, f);
        if (n < 3.0 || model.residual_squares(s, f) <= 0.0) continue;
        const double log_sd = 0.5 * std::log(model.residual_squares(s, f) / (n - 1.0));
        sum += log_sd;
        squares += log_sd * log_sd;
        sites += 1.0;
    }
    if (sites < 2.0) return nan;
    return std::sqrt(std::max(0.0, (squares - sum * sum / sites) / (sites - 1.0)));
}

double site_share_of(const Moments& moments, const MeanModel& model, Index f) {
    const auto i = static_cast<std::size_t>(f);
    double between = 0.0, n = 0.0;
    for (Index s = 0; s < moments.site_count(); ++s) {
        if (moments.n(s, f) == 0.0) continue;
        const double distance = model.site_mean(s, f) - model.grand_mean[i];
        between += moments.n(s, f) * distance * distance;
        n += moments.n(s, f);
    }
    return between / (between + n * model.pooled_variance[i]);
}

}  // namespace

FeatureEffects effects_of(const data::Cohort& cohort, const Matrix<double>& values, const data::Features& features,
                          const std::vector<std::string>& covariates, const compute::Backend& backend) {
    const Moments by_site = moments_in_memory(cohort, values, features, covariates, backend);
    const MeanModel within = fit_mean_model(by_site, std::nullopt, Convention::tare, backend);
    data::Cohort together = cohort.seen_by(0);
    together.sites.assign(together.sites.size(), "all");
    const Moments pooled = moments_in_memory(together, values, features, covariates, backend);
    const MeanModel alone = fit_mean_model(pooled, std::nullopt, Convention::tare, backend);

    FeatureEffects out;
    out.terms = by_site.design.terms();
    out.slopes = within.coefficients;
    for (Index f = 0; f < by_site.feature_count(); ++f) {
        const auto i = static_cast<std::size_t>(f);
        const bool varies = !within.constant[i] && !alone.constant[i];
        const double total = pooled.values.squares(0, f);
        out.covariate_r2.push_back(varies ? 1.0 - alone.residual_squares(0, f) / total : nan);
        out.site_share.push_back(varies ? site_share_of(by_site, within, f) : nan);
        out.spread.push_back(varies ? spread_of(by_site, within, f) : nan);
        out.residual_sd.push_back(std::sqrt(within.pooled_variance[i]));
    }
    return out;
}

std::vector<double> slopes_kept(const FeatureEffects& before, const FeatureEffects& after) {
    std::vector<double> kept;
    for (std::size_t j = 0; j < before.terms.size(); ++j) {
        double product = 0.0, squares = 0.0;
        for (std::size_t f = 0; f < before.residual_sd.size(); ++f) {
            if (!(before.residual_sd[f] > 0.0) || !(after.residual_sd[f] > 0.0)) continue;
            const auto term = static_cast<Index>(j), feature = static_cast<Index>(f);
            const double variance = before.residual_sd[f] * before.residual_sd[f];
            product += before.slopes(term, feature) * after.slopes(term, feature) / variance;
            squares += before.slopes(term, feature) * before.slopes(term, feature) / variance;
        }
        kept.push_back(squares > 0.0 ? product / squares : nan);
    }
    return kept;
}

}  // namespace tare::stats
