// Who is in it: age and category by site, sites as rows.
#include <algorithm>
#include <cmath>

#include "axes.hpp"
#include "plots.hpp"
#include "tare/report/shown.hpp"

namespace tare::report::detail {

namespace {

constexpr double row_height = 20.0;
constexpr double names = 110.0;

double rows_height(const Report& report) {
    return row_height * static_cast<double>(report.sites.size());
}

void put_names(Panel& panel, const Report& report, double top) {
    for (std::size_t s = 0; s < report.sites.size(); ++s) {
        panel.text(names - 8, top + row_height * (static_cast<double>(s) + 0.5) + 4,
                   fitted(report.sites[s].name, 12, names - 10), 2, "strong");
    }
}

Panel age_panel(const Report& report) {
    Extent extent;
    for (const Site& site : report.sites) {
        extent.add(site.age_least);
        extent.add(site.age_most);
    }
    const double top = 30.0;
    Panel panel(report.age + " by site", "The range, and the mean with one standard deviation on both sides.", half_width,
                top + rows_height(report) + 42);
    panel.text(0, 14, fitted(report.age, 13, half_width), 0, "name");
    const Extent shown_extent = extent.padded();
    const Frame frame{.left = names, .right = half_width - 12, .top = top, .bottom = top + rows_height(report) + 4};
    const Scale x{.low = shown_extent.low(), .high = shown_extent.high(), .start = frame.left, .stop = frame.right};
    put_names(panel, report, top);
    for (std::size_t s = 0; s < report.sites.size(); ++s) {
        const Site& site = report.sites[s];
        const double y = top + row_height * (static_cast<double>(s) + 0.5);
        if (!std::isfinite(site.age_mean)) {
            continue;
        }
        panel.line(x(site.age_least), y, x(site.age_most), y, "axis");
        if (std::isfinite(site.age_sd)) {
            const double low = x(std::max(site.age_mean - site.age_sd, site.age_least));
            panel.rectangle(low, y - 4, x(std::min(site.age_mean + site.age_sd, site.age_most)) - low, 8, "bar");
        }
        panel.path(mark(0, x(site.age_mean), y, 3.5), "dot");
    }
    draw_x_axis(panel, frame, x, {});
    return panel;
}

Panel level_panel(const Report& report) {
    double most = 1.0;
    for (const Site& site : report.sites) {
        most = std::max(most, static_cast<double>(site.n));
    }
    const double top = 30.0;
    Panel panel("People by site",
                report.category.empty()
                    ? "The length of a bar is the number of people."
                    : "The length of a bar is the number of people, its parts are " + report.category + ".",
                half_width, top + rows_height(report) + 42);
    std::string head = "People";
    if (!report.category.empty()) {
        head += " by " + report.category;
    }
    panel.text(0, 14, fitted(head, 13, half_width), 0, "name");
    put_names(panel, report, top);
    const Frame frame{.left = names, .right = half_width - 12, .top = top, .bottom = top + rows_height(report) + 4};
    const Scale x{.low = 0.0, .high = most, .start = frame.left, .stop = frame.right};
    for (std::size_t s = 0; s < report.sites.size(); ++s) {
        const Site& site = report.sites[s];
        const double y = top + row_height * static_cast<double>(s) + 4;
        double from = 0.0;
        for (std::size_t l = 0; l < std::min(site.level_counts.size(), report.levels.size()); ++l) {
            const auto count = static_cast<double>(site.level_counts[l]);
            panel.rectangle(x(from), y, x(from + count) - x(from), row_height - 8,
                            "lift s" + std::to_string(l % told_apart));
            from += count;
        }
        if (from < static_cast<double>(site.n)) {
            panel.rectangle(x(from), y, x(static_cast<double>(site.n)) - x(from), row_height - 8, "bar");
        }
    }
    draw_x_axis(panel, frame, x, {});
    return panel;
}

}  // namespace

Plot people_plot(const Report& report) {
    Plot plot{.name = "people", .title = "People by site", .caption = {}, .keys = {}, .columns = 2, .panels = {}};
    if (report.sites.empty()) {
        return plot;
    }
    plot.caption = "People at each site.";
    const bool aged = std::ranges::any_of(report.sites, [](const Site& site) { return std::isfinite(site.age_mean); });
    if (!report.age.empty() && aged) {
        plot.caption = "Line: from the least to the largest " + report.age +
                       " at a site; band: one standard deviation around the mean (dot).";
        plot.panels.push_back(age_panel(report));
    }
    for (std::size_t l = 0; l < report.levels.size(); ++l) {
        plot.keys.push_back(colour_key("s" + std::to_string(l % told_apart), report.levels[l]));
    }
    plot.panels.push_back(level_panel(report));
    return plot;
}

}  // namespace tare::report::detail
