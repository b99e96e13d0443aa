// What several plots share, and their order.
#include "plots.hpp"

#include <algorithm>

namespace tare::report::detail {

std::vector<Index> worst(const Report& report, std::size_t most) {
    std::vector<Index> out = report.ranking;
    out.resize(std::min(out.size(), most));
    return out;
}

std::vector<Index> boxed_features(const Report& report) {
    constexpr std::size_t first = 4;
    std::vector<Index> out = worst(report, first);
    const std::size_t count = report.ranking.size();
    for (std::size_t i = 0; i < 2; ++i) {
        const std::size_t middle = count / 2 + i;
        if (middle >= first && middle < count) {
            out.push_back(report.ranking[middle]);
        }
    }
    return out;
}

std::vector<Key> site_keys(const Report& report) {
    std::vector<Key> keys;
    for (std::size_t s = 0; s < report.sites.size() && report.sites.size() <= told_apart; ++s) {
        keys.push_back(site_key(s, report.sites[s].name));
    }
    return keys;
}

std::string dashes(std::size_t site) {
    static const std::vector<std::string> patterns{"", "6 3", "2 3", "9 3 2 3", "12 4", "4 2 1 2", "1 4", "8 2 2 2 2 2"};
    const std::string& pattern = patterns[site % patterns.size()];
    return pattern.empty() ? std::string() : " stroke-dasharray=\"" + pattern + "\"";
}

std::vector<Key> line_keys(const Report& report) {
    std::vector<Key> keys;
    for (std::size_t s = 0; s < report.sites.size() && report.sites.size() <= told_apart; ++s) {
        keys.push_back(
            {"<path d=\"M0 7H14\" class=\"curve l" + std::to_string(s) + "\"" + dashes(s) + "/>", report.sites[s].name});
    }
    return keys;
}

std::string opacity(double share) {
    const auto hundredths = static_cast<int>(std::lround(share * 100.0));
    if (hundredths >= 100) {
        return {};
    }
    return " fill-opacity=\"." + std::string(hundredths < 10 ? "0" : "") + std::to_string(hundredths) + "\"";
}

std::vector<Plot> all_plots(const Report& report) {
    std::vector<Plot> out;
    for (const auto& make : {people_plot, effect_plot, box_plot, components_by_site, components_by_age, share_plot,
                             share_plot_named, curve_plot, slope_plot, correlation_plot, effect_map, prior_plot,
                             uncertainty_plot, histogram_plot, montage_plot}) {
        Plot plot = make(report);
        if (!plot.panels.empty()) {
            out.push_back(std::move(plot));
        }
    }
    return out;
}

}  // namespace tare::report::detail
