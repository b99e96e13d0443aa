// Fitting a ComBat model from moments, and saying once what was degenerate.
#include <algorithm>

#include "site_effects.hpp"
#include "tare/base/text.hpp"
#include "tare/stats/combat.hpp"

namespace tare::stats {
namespace {

/// "3 features (a, b, c)"
std::string listed(const std::vector<std::string>& names, std::string_view noun) {
    return base::counted(names.size(), noun) + " (" + base::joined(names) + ")";
}

void warn_of_degenerate_cells(const CombatModel& model, const Moments& moments, base::Log& log) {
    std::vector<std::string> constant, single, empty;
    std::vector<std::string> constant_cells, absent_cells;
    for (std::size_t f = 0; f < model.features.size(); ++f) {
        bool any = false;
        for (std::size_t s = 0; s < model.sites.size(); ++s)
            any = any || moments.n(static_cast<Index>(s), static_cast<Index>(f)) > 0.0;
        if (!any) {
            empty.push_back(model.features[f]);
            continue;
        }
        if (model.pooled_variance[f] == 0.0) constant.push_back(model.features[f]);
        for (std::size_t s = 0; s < model.sites.size(); ++s) {
            const CellStatus status = model.status(static_cast<Index>(s), static_cast<Index>(f));
            const std::string cell = model.features[f] + " at " + model.sites[s];
            if (status == CellStatus::constant) constant_cells.push_back(cell);
            if (status == CellStatus::absent) absent_cells.push_back(cell);
        }
    }
    for (std::size_t s = 0; s < model.sites.size(); ++s) {
        if (model.site_subjects[s] == 1) single.push_back(model.sites[s]);
    }
    if (model.sites.size() == 1) {
        log.warn("one site only ('" + model.sites.front() + "'): there is nothing to harmonise, values pass unchanged");
    }
    if (!constant.empty()) {
        log.warn(listed(constant, "feature") + (constant.size() == 1 ? " is" : " are") +
                 " constant once sites and covariates are removed: passed through unchanged");
    }
    if (!empty.empty()) log.warn(listed(empty, "feature") + " without a single value: left as they are");
    if (!single.empty() && model.sites.size() > 1)
        log.warn(listed(single, "site") + " of one subject: adjusted in location only");
    if (!constant_cells.empty()) {
        log.warn(base::counted(constant_cells.size(), "time") + " a feature is constant within a site (" +
                 base::joined(constant_cells) + "): adjusted in location only there");
    }
    if (!absent_cells.empty()) {
        log.warn(base::counted(absent_cells.size(), "time") + " a feature is without a value at a site (" +
                 base::joined(absent_cells) + "): nothing can be applied there");
    }
}

}  // namespace

CombatModel fit(const Moments& moments, const CombatOptions& options, const compute::Backend& backend, base::Log& log) {
    const MeanModel mean_model = fit_mean_model(moments, options.reference, options.convention, backend);
    CombatModel model;
    model.options = options;
    model.features = moments.features;
    model.sites = moments.sites;
    model.site_subjects = moments.site_subjects;
    model.design = moments.design;
    model.grand_mean = mean_model.grand_mean;
    model.pooled_variance = mean_model.pooled_variance;
    model.coefficients = mean_model.coefficients;
    model.training = moments.training;
    estimate_site_effects(model, moments, mean_model, backend, log);
    warn_of_degenerate_cells(model, moments, log);
    return model;
}

}  // namespace tare::stats
