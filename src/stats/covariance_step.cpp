// Scores are harmonised by an ordinary fit of their own: no covariates, no empirical Bayes, the same sites and reference.
#include "covariance_step.hpp"

#include <algorithm>
#include <cmath>

#include "tare/base/parallel.hpp"

namespace tare::stats {
namespace {

/// r = σ(z − γ*)/√δ*: what is left of the harmonised values once their expectation is taken away. 0 where values pass
/// unchanged for want of variation.
void turn_into_residuals(const CombatModel& model, TrainingRows& rows, int threads) {
    base::for_each_in_parallel(rows.site.size(), threads, [&](std::size_t i) {
        const Index s = rows.site[i];
        const std::span<double> row = rows.values.row(static_cast<Index>(i));
        for (std::size_t k = 0; k < row.size(); ++k) {
            const auto f = static_cast<Index>(k);
            const double sigma = std::sqrt(model.pooled_variance[k]);
            row[k] = sigma > 0.0          ? sigma * (row[k] - model.gamma_star(s, f)) / std::sqrt(model.delta_star(s, f))
                     : std::isnan(row[k]) ? row[k]
                                          : 0.0;
        }
    });
    rows.values.release();
}

Matrix<double> scores_of_rows(const PrincipalAxes& axes, const Matrix<double>& residuals, int threads) {
    Matrix<double> scores(residuals.rows(), axes.axes.rows());
    base::for_each_in_parallel(static_cast<std::size_t>(residuals.rows()), threads, [&](std::size_t i) {
        const std::vector<double> own = scores_of(axes, residuals.row(static_cast<Index>(i)));
        std::copy(own.begin(), own.end(), scores.row(static_cast<Index>(i)).begin());
    });
    residuals.release();
    return scores;
}

/// The scores as a cohort of their own.
data::Cohort cohort_of_scores(const CombatModel& model, const std::vector<Index>& site, Matrix<double> scores) {
    data::Cohort cohort;
    cohort.source = "scores";
    cohort.has_ids = false;
    for (std::size_t i = 0; i < site.size(); ++i) {
        cohort.ids.push_back(std::to_string(i + 1));
        cohort.line_numbers.push_back(static_cast<std::uint32_t>(i + 1));
        cohort.sites.push_back(model.sites[static_cast<std::size_t>(site[i])]);
    }
    for (Index k = 0; k < scores.columns(); ++k) cohort.features.names.push_back("component " + std::to_string(k + 1));
    cohort.features.values = std::move(scores);
    return cohort;
}

}  // namespace

void fit_covariance_step(CombatModel& model, TrainingRows& rows, const compute::Backend& backend, base::Workspace& workspace,
                         base::Log& log) {
    turn_into_residuals(model, rows, backend.threads());
    CovarianceStep step;
    const AxesRequest request{model.options.components, model.options.explained, model.options.scale_features};
    step.axes = principal_axes(rows.values, request, backend.threads(), workspace, log);
    const data::Cohort scores =
        cohort_of_scores(model, rows.site, scores_of_rows(step.axes, rows.values, backend.threads()));
    CombatOptions plain;
    plain.prior = PriorKind::none;
    plain.reference = model.options.reference;
    base::SilentLog silent;
    CombatModel fitted = fit(moments_of(data::TrainingSet::all(scores), backend, KeepIds::no), plain, backend, silent);
    step.grand_mean = std::move(fitted.grand_mean);
    step.pooled_variance = std::move(fitted.pooled_variance);
    step.gamma = std::move(fitted.gamma_star);
    step.delta = std::move(fitted.delta_star);
    model.covariance = std::move(step);
}

void change_of_covariance(const CovarianceStep& step, Index site, std::span<double> residual) {
    std::vector<double> scores = scores_of(step.axes, residual);
    for (std::size_t k = 0; k < scores.size(); ++k) {
        const auto component = static_cast<Index>(k);
        const double sigma = std::sqrt(step.pooled_variance[k]), scale = 1.0 / std::sqrt(step.delta(site, component));
        const double centred = scores[k] - step.grand_mean[k];
        scores[k] = (scale - 1.0) * centred - sigma * step.gamma(site, component) * scale;
    }
    std::fill(residual.begin(), residual.end(), 0.0);
    add_components(step.axes, scores, residual);
}

void estimate_score_effects(CombatModel& model, TrainingRows& rows, int threads) {
    turn_into_residuals(model, rows, threads);
    CovarianceStep& step = *model.covariance;
    const Matrix<double> scores = scores_of_rows(step.axes, rows.values, threads);
    for (Index s = 0; s < step.gamma.rows(); ++s) {
        for (Index k = 0; k < scores.columns(); ++k) {
            const auto component = static_cast<std::size_t>(k);
            const double sigma = std::sqrt(step.pooled_variance[component]);
            if (sigma == 0.0) continue;
            double n = 0.0, mean = 0.0, squares = 0.0;
            for (Index i = 0; i < scores.rows(); ++i) {
                if (rows.site[static_cast<std::size_t>(i)] != s) continue;
                const double z = (scores(i, k) - step.grand_mean[component]) / sigma;
                n += 1.0;
                const double difference = z - mean;
                mean += difference / n;
                squares += difference * (z - mean);
            }
            step.gamma(s, k) = mean;
            if (n > 1.0 && squares > 0.0) step.delta(s, k) = squares / (n - 1.0);
        }
    }
}

}  // namespace tare::stats
