// Fitting a cohort by what the options say: once, or once for every batch variable, each on what the one before it gives.
#include <algorithm>
#include <numeric>

#include "design_choice.hpp"
#include "method_choice.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"
#include "tare/stats/adjusted_rows.hpp"
#include "tare/stats/mean_model.hpp"
#include "training.hpp"
#include "value_rows.hpp"

namespace tare::commands {
namespace {

constexpr std::size_t most_variables = 4;

/// What every fit of a run needs.
struct Fitting {
    CohortInput& input;
    const cli::ParsedOptions& options;
    const stats::CombatOptions& method;
    const compute::Backend& backend;
    base::Workspace& workspace;
    cli::Context& context;
};

/// The fit of these moments to the training rows of a cohort whose values come from `source`.
stats::CombatModel fitted(const Fitting& with, const data::TrainingSet& training, const stats::Moments& moments,
                          const stats::CombatOptions& method, data::RowSource& source) {
    base::Log& log = with.context.log;
    if (!stats::needs_rows(method)) return stats::fit(moments, method, with.backend, with.workspace, log);
    const stats::Design spread = stats::learn_design(training, with.options.list("scale-covariates"), {});
    stats::TrainingRows rows = stats::training_rows(training, moments, spread, source, with.workspace, log);
    return stats::fit(moments, method, with.backend, with.workspace, log, &rows, spread);
}

/// The first batch variable, or the only one.
stats::CombatModel first_model(const Fitting& with) {
    const stats::Moments moments = within_mask(training_moments(with.input, with.options, with.workspace, with.context),
                                               with.options, with.workspace, with.context.log);
    if (with.input.images != nullptr && (stats::needs_rows(with.method) || !with.input.cohort.more_sites.empty())) {
        with.input.images->choose(moments.features);
        with.input.features = moments.features;
    }
    ValueRows values(with.input, moments.transform, stats::NotPositive::fault);
    const data::TrainingSet training = data::split_cohort(with.input.cohort, with.input.trains).training;
    return fitted(with, training, moments, with.method, values.source());
}

/// The rows that may train, as batch variable `number` sees them. `seen` must outlive it.
data::TrainingSet training_of(const Fitting& with, const data::Cohort& seen) {
    return data::split_cohort(seen, with.input.trains).training;
}

stats::Moments moments_of_stage(const Fitting& with, const data::Cohort& seen, data::RowSource& source,
                                stats::Transform transform) {
    const data::TrainingSet training = training_of(with, seen);
    const stats::MomentsRequest request{
        stats::learn_design(training, mean_covariates(with.options), smooth_requests(with.options)), with.input.features,
        stats::Gaps::missing_cells, with.options.flag("no-training-ids") ? stats::KeepIds::no : stats::KeepIds::yes};
    stats::Moments moments = stats::moments_of(training, request, source, with.backend, with.workspace, with.context.log);
    moments.transform = transform;
    return moments;
}

/// Calls use(rows) with the values of the cohort as `model` leaves them.
template <typename Use>
void with_adjusted_rows(const Fitting& with, const stats::CombatModel& model, const Use& use) {
    ValueRows values(with.input);
    const std::vector<data::Index> rows = positions_of(with.input.trains);
    base::SilentLog silent;
    stats::Application application(model, with.input.cohort, with.input.features, rows, {}, with.backend, silent);
    const bool together = with.method.method == stats::Method::longitudinal;
    stats::AdjustedRows adjusted(values.source(), application, together);
    use(adjusted);
}

void add_stages(const Fitting& with, stats::CombatModel& model) {
    for (std::size_t k = 1; k <= with.input.cohort.more_sites.size(); ++k) {
        const data::Cohort seen = with.input.cohort.seen_by(k);
        stats::CombatOptions method = with.method;
        const bool has_reference =
            method.reference && std::find(seen.sites.begin(), seen.sites.end(), *method.reference) != seen.sites.end();
        if (!has_reference) method.reference.reset();
        std::optional<stats::CombatModel> stage;
        with_adjusted_rows(with, model, [&](data::RowSource& adjusted) {
            std::optional<stats::LogRows> logarithms;
            data::RowSource* source = &adjusted;
            if (model.transform == stats::Transform::log)
                source = &logarithms.emplace(adjusted, with.input.cohort, with.input.features, stats::NotPositive::fault);
            const stats::Moments moments = moments_of_stage(with, seen, *source, model.transform);
            stage = fitted(with, training_of(with, seen), moments, method, *source);
        });
        model.next.push_back(std::move(*stage));
    }
}

/// The share of a feature's variance about its mean model that lies between the batches of all variables, mean over
/// features.
double effect_left(const Fitting& with, const stats::CombatModel& model) {
    double sum = 0.0;
    for (std::size_t k = 0; k <= with.input.cohort.more_sites.size(); ++k) {
        const data::Cohort seen = with.input.cohort.seen_by(k);
        with_adjusted_rows(with, model, [&](data::RowSource& adjusted) {
            const stats::Moments moments = moments_of_stage(with, seen, adjusted, stats::Transform::none);
            const stats::MeanModel mean_model =
                stats::fit_mean_model(moments, std::nullopt, stats::Convention::tare, with.backend);
            double share = 0.0, features = 0.0;
            for (data::Index f = 0; f < moments.feature_count(); ++f) {
                const auto i = static_cast<std::size_t>(f);
                if (mean_model.constant[i]) continue;
                double between = 0.0, n = 0.0;
                for (data::Index s = 0; s < moments.site_count(); ++s) {
                    if (moments.n(s, f) == 0.0) continue;
                    const double distance = mean_model.site_mean(s, f) - mean_model.grand_mean[i];
                    between += moments.n(s, f) * distance * distance;
                    n += moments.n(s, f);
                }
                share += between / (between + n * mean_model.pooled_variance[i]);
                features += 1.0;
            }
            if (features > 0.0) sum += share / features;
        });
    }
    return sum;
}

/// The batch variables of a cohort in another order.
void reorder(CohortInput& input, const std::vector<std::vector<std::string>>& sites, const std::vector<std::string>& names,
             const std::vector<std::size_t>& order) {
    input.cohort.sites = sites[order.front()];
    input.columns.site = names[order.front()];
    input.cohort.more_sites.clear();
    input.columns.more_sites.clear();
    for (std::size_t k = 1; k < order.size(); ++k) {
        input.cohort.more_sites.push_back(sites[order[k]]);
        input.columns.more_sites.push_back(names[order[k]]);
    }
}

stats::CombatModel best_order(const Fitting& with) {
    std::vector<std::vector<std::string>> sites = with.input.cohort.more_sites;
    std::vector<std::string> names = with.input.columns.more_sites;
    sites.insert(sites.begin(), with.input.cohort.sites);
    names.insert(names.begin(), with.input.columns.site);
    if (sites.size() > most_variables) {
        throw base::usage_error("--site-order auto tries every order, and takes at most " + std::to_string(most_variables) +
                                " batch variables");
    }
    std::vector<std::size_t> order(sites.size()), best;
    std::iota(order.begin(), order.end(), std::size_t{0});
    double least = 0.0;
    std::optional<stats::CombatModel> model;
    do {
        reorder(with.input, sites, names, order);
        stats::CombatModel candidate = first_model(with);
        add_stages(with, candidate);
        const double left = effect_left(with, candidate);
        std::vector<std::string> in_order;
        for (const std::size_t k : order) in_order.push_back(names[k]);
        with.context.log.info("order " + base::joined(in_order) + ": a share of " + base::number_text(left) +
                              " of the variance is left between the batches of all variables");
        if (model && left >= least) continue;
        least = left;
        best = order;
        model = std::move(candidate);
    } while (std::next_permutation(order.begin(), order.end()));
    reorder(with.input, sites, names, best);
    return std::move(*model);
}

}  // namespace

stats::CombatModel fitted_model(CohortInput& input, const cli::ParsedOptions& options, const stats::CombatOptions& method,
                                const compute::Backend& backend, base::Workspace& workspace, cli::Context& context) {
    const Fitting with{input, options, method, backend, workspace, context};
    // Only longitudinal models ask again who was measured.
    if (method.method != stats::Method::longitudinal) input.columns.person.clear();
    if (options.text("site-order") == "auto") {
        if (input.cohort.more_sites.empty()) throw base::usage_error("--site-order auto needs several --site columns");
        return best_order(with);
    }
    stats::CombatModel model = first_model(with);
    add_stages(with, model);
    return model;
}

}  // namespace tare::commands
