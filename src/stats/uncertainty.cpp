// Medians over features of what the fit left beside its effects.
#include "tare/stats/uncertainty.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tare::stats {
namespace {

/// The value below which this share of the values lies; NaN of none.
double quantile(std::vector<double>& values, double share) {
    if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
    const auto at = static_cast<std::ptrdiff_t>(std::lround(share * static_cast<double>(values.size() - 1)));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

SiteUncertainty uncertainty_of(const CombatModel& model, Index s) {
    SiteUncertainty out{.site = model.sites[static_cast<std::size_t>(s)],
                        .n = model.site_subjects[static_cast<std::size_t>(s)]};
    const bool is_reference = model.options.reference == out.site;
    const auto& prior = model.prior[static_cast<std::size_t>(s)];
    std::vector<double> location, scale, more;
    for (Index f = 0; f < model.features.count() && !is_reference; ++f) {
        const CellStatus status = model.status(s, f);
        if (status == CellStatus::unchanged || status == CellStatus::absent) continue;
        ++out.features;
        const double delta = model.delta_star(s, f), variance = model.gamma_variance(s, f);
        if (std::isnan(variance)) continue;
        location.push_back(std::sqrt(variance));
        const bool shrunk = prior && model.options.prior == PriorKind::parametric && prior->tau2 > 0.0;
        more.push_back(3.0 * (model.n(s, f) + (shrunk ? delta / prior->tau2 : 0.0)));
        if (!std::isnan(model.delta_variance(s, f))) scale.push_back(0.5 * std::sqrt(model.delta_variance(s, f)) / delta);
    }
    out.location = quantile(location, 0.5);
    out.location_most = quantile(location, 0.9);
    out.scale = quantile(scale, 0.5);
    out.scale_most = quantile(scale, 0.9);
    out.more_subjects = std::ceil(quantile(more, 0.5));
    return out;
}

}  // namespace

std::vector<SiteUncertainty> site_uncertainties(const CombatModel& model) {
    std::vector<SiteUncertainty> out;
    for (Index s = 0; s < static_cast<Index>(model.sites.size()); ++s) {
        out.push_back(uncertainty_of(model, s));
        model.release();
    }
    return out;
}

}  // namespace tare::stats
