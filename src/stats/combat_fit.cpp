// Fitting a ComBat model from moments, and saying once what was degenerate.
#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "covariance_step.hpp"
#include "design_check.hpp"
#include "fit_summary.hpp"
#include "row_fit.hpp"
#include "site_effects.hpp"
#include "tare/stats/combat.hpp"
#include "travelling.hpp"

namespace tare::stats {
namespace {

/// Features are fitted so many at a time that a block's moments and estimates hold about so many numbers: millions of voxels
/// then need little memory beyond their moments, however many sites and terms there are.
constexpr Index block_numbers = Index{1} << 22, narrowest_block = 1024;

Index block_width_for(const Moments& moments) {
    const Index each = moments.site_count() * (moments.design.term_count() + 6) + moments.design.term_count() + 4;
    return std::max(narrowest_block, block_numbers / each);
}

/// The mean model and the unshrunken site effects of the features of `moments`, which begin at `first` in the model.
void fit_block(CombatModel& model, Index first, const Moments& moments, const compute::Backend& backend) {
    const MeanModel mean_model = fit_mean_model(moments, model.options.reference, model.options.convention, backend);
    const auto count = static_cast<std::size_t>(moments.feature_count());
    std::copy_n(mean_model.grand_mean.begin(), count, model.grand_mean.begin() + first);
    std::copy_n(mean_model.pooled_variance.begin(), count, model.pooled_variance.begin() + first);
    for (Index j = 0; j < model.coefficients.rows(); ++j) {
        std::copy_n(mean_model.coefficients.row(j).begin(), count, model.coefficients.row(j).begin() + first);
    }
    for (Index c = 0; c < model.lambda.rows(); ++c) {
        std::copy_n(mean_model.lambda.row(c).begin(), count, model.lambda.row(c).begin() + first);
        std::copy_n(mean_model.edf.row(c).begin(), count, model.edf.row(c).begin() + first);
    }
    estimate_site_effects(model, first, moments, mean_model, moments.site_count() == 1);
}

/// Room for the parameters of the methods that need rows.
void prepare_method(CombatModel& model, const Design& scale_design, const TrainingRows* rows, base::Workspace& workspace) {
    if (!needs_rows(model.options)) return;
    if (rows == nullptr) throw std::logic_error("a method that needs rows was fitted without");
    const Index features = model.features.count();
    const double nan = std::numeric_limits<double>::quiet_NaN();
    if (model.options.method == Method::longitudinal) {
        model.person_ratio.assign(static_cast<std::size_t>(features), 0.0);
        model.site_shift = workspace.matrix<double>(static_cast<Index>(model.sites.size()), features);
    }
    if (model.options.method == Method::combatls) {
        check_scale_design(scale_design, rows->scale_codes, rows->site, static_cast<Index>(model.sites.size()));
        model.scale_design = scale_design;
        model.log_sd.assign(static_cast<std::size_t>(features), nan);
        model.log_sd_coefficients = workspace.matrix<double>(scale_design.term_count(), features);
        for (Index j = 0; j < rows->scale_codes.columns(); ++j) {
            double sum = 0.0;
            for (Index i = 0; i < rows->scale_codes.rows(); ++i) sum += rows->scale_codes(i, j);
            model.scale_covariate_mean.push_back(sum / static_cast<double>(rows->scale_codes.rows()));
        }
    }
}

}  // namespace

void CombatModel::release() const noexcept {
    for (const Matrix<double>* matrix : {&coefficients, &lambda, &edf, &gamma_hat, &delta_hat, &gamma_star, &delta_star,
                                         &gamma_variance, &delta_variance, &observed, &site_shift, &log_sd_coefficients}) {
        matrix->release();
    }
    status.release();
}

bool needs_rows(const CombatOptions& options) {
    return options.method != Method::combat || options.robust || options.travelling;
}

CombatModel fit(const Moments& moments, const CombatOptions& options, const compute::Backend& backend,
                base::Workspace& workspace, base::Log& log, TrainingRows* rows, const Design& scale_design) {
    const Index sites = moments.site_count(), features = moments.feature_count();
    check_site_sizes(moments, options.min_per_site);
    CombatModel model;
    model.options = options;
    model.features = moments.features;
    model.sites = moments.sites;
    model.site_subjects = moments.site_subjects;
    model.design = moments.design;
    model.training = moments.training;
    model.grand_mean.resize(static_cast<std::size_t>(features));
    model.pooled_variance.resize(static_cast<std::size_t>(features));
    model.coefficients = workspace.matrix<double>(moments.design.term_count(), features);
    const auto curves = static_cast<Index>(moments.design.smooth_terms().size());
    model.lambda = workspace.matrix<double>(curves, features);
    model.edf = workspace.matrix<double>(curves, features);
    for (Matrix<double>* matrix : {&model.gamma_hat, &model.delta_hat, &model.gamma_star, &model.delta_star,
                                   &model.gamma_variance, &model.delta_variance}) {
        *matrix = workspace.matrix<double>(sites, features);
    }
    model.status = workspace.matrix<CellStatus>(sites, features);
    model.covariate_mean = covariate_mean(moments);
    model.observed = observed_counts(moments, workspace);
    model.transform = moments.transform;
    prepare_method(model, scale_design, rows, workspace);

    const Index block_width = block_width_for(moments);
    if (features <= block_width) {
        fit_block(model, 0, moments, backend);
    } else {
        base::Workspace small;
        for (Index first = 0; first < features; first += block_width) {
            std::vector<Index> block(static_cast<std::size_t>(std::min(block_width, features - first)));
            std::iota(block.begin(), block.end(), first);
            fit_block(model, first, selected(moments, block, small), backend);
            model.release();
            log.progress("fitting", static_cast<double>(first) / static_cast<double>(features));
        }
    }
    const bool refit = options.robust || options.method == Method::longitudinal || options.method == Method::combatls;
    if (refit) refit_from_rows(model, *rows, backend, log);
    if (options.travelling) refit_travelling(model, *rows, workspace, backend.threads());
    shrink_site_effects(model, moments, backend, log, options.robust ? rows : nullptr);
    if (options.method == Method::covbat) {
        if (!refit) standardise(model, *rows, backend.threads());
        fit_covariance_step(model, *rows, backend, workspace, log);
    }
    warn_of_degenerate_cells(model, moments, log);
    return model;
}

}  // namespace tare::stats
