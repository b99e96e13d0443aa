// Smooth means along age, a line per site; and the covariates' slopes before and after.
#include <algorithm>
#include <cmath>

#include "axes.hpp"
#include "plots.hpp"

namespace tare::report::detail {

namespace {

using Curves = std::vector<std::vector<double>>;

std::string polyline(const std::vector<double>& ages, const std::vector<double>& values, const Scale& x, const Scale& y) {
    std::string data;
    bool pen_down = false;
    for (std::size_t i = 0; i < std::min(ages.size(), values.size()); ++i) {
        if (std::isfinite(values[i])) {
            data += (pen_down ? "L" : "M") + xy(x(ages[i])) + " " + xy(y(values[i]));
        }
        pen_down = std::isfinite(values[i]);
    }
    return data;
}

Panel curve_panel(const Report& report, std::size_t which, const Side& side, const Extent& extent) {
    const std::string name = at(report.features, report.curve_features[which]);
    const Frame frame{.left = 50, .right = half_width - 8, .top = 28, .bottom = 208};
    Panel panel(name + " along " + report.age + ", " + side.word, "A line per site: the smoothed mean.", half_width,
                frame.bottom + 40);
    panel.text(0, 14, fitted(name, 13, half_width - 70), 0, "name");
    panel.text(half_width - 8, 14, side.word, 2);
    const Scale y{.low = extent.low(), .high = extent.high(), .start = frame.bottom, .stop = frame.top};
    const Scale x{
        .low = report.curve_ages.front(), .high = report.curve_ages.back(), .start = frame.left, .stop = frame.right};
    draw_y_axis(panel, frame, y, {});
    draw_x_axis(panel, frame, x, report.age);
    const Curves& curves = side.state->curves[which];
    const bool few = report.sites.size() <= told_apart;
    for (std::size_t s = 0; s < curves.size(); ++s) {
        const std::string data = polyline(report.curve_ages, curves[s], x, y);
        panel.path(data, few ? "curve l" + std::to_string(s) : "all", few ? dashes(s) : std::string());
    }
    return panel;
}

constexpr double slope_row = 20.0;
constexpr double slope_names = 196.0;
constexpr double slope_top = 30.0;

/// The largest limit of a slope, before or after, without sign.
double largest_limit(const Report& report, std::size_t term, Index feature) {
    double largest = 0.0;
    for (const Side& side : sides(report)) {
        const Slope& slope = at(side.state->slopes[term], feature);
        for (const double limit : {slope.estimate, slope.low, slope.high}) {
            largest = std::max(largest, std::isfinite(limit) ? std::abs(limit) : 0.0);
        }
    }
    return largest;
}

void draw_slope(Panel& panel, const Slope& slope, double largest, const Scale& x, double y, const char* mark_class) {
    // In units of the features they could not share an axis: each is divided by its largest limit.
    const auto place = [&](double value) { return x(largest > 0.0 ? value / largest : 0.0); };
    if (std::isfinite(slope.low) && std::isfinite(slope.high)) {
        panel.line(place(slope.low), y, place(slope.high), y, "axis");
    }
    if (std::isfinite(slope.estimate)) {
        panel.path(mark(0, place(slope.estimate), y, 3.4), mark_class);
    }
}

Panel slope_panel(const Report& report, std::size_t term, const std::vector<Index>& features) {
    const double height = slope_row * static_cast<double>(features.size());
    Panel panel("Slope of " + report.terms[term],
                "A row per feature: the slope with its 95 % interval, open before, filled after.", half_width,
                slope_top + height + 42);
    panel.text(0, 14, fitted(report.terms[term], 13, half_width), 0, "name");
    const Frame frame{.left = slope_names, .right = half_width - 14, .top = slope_top, .bottom = slope_top + height + 4};
    const Scale x{.low = -1.05, .high = 1.05, .start = frame.left, .stop = frame.right};
    panel.line(x(0.0), frame.top, x(0.0), frame.bottom, "zero");
    for (std::size_t row = 0; row < features.size(); ++row) {
        const Index f = features[row];
        const double top = slope_top + slope_row * static_cast<double>(row);
        const double largest = largest_limit(report, term, f);
        panel.text(slope_names - 10, top + slope_row / 2 + 4, fitted(at(report.features, f), 11, slope_names - 12), 2,
                   "strong name11");
        draw_slope(panel, at(report.before.slopes[term], f), largest, x, top + 0.32 * slope_row, "open");
        draw_slope(panel, at(report.after.slopes[term], f), largest, x, top + 0.68 * slope_row, "dot");
    }
    draw_x_axis(panel, frame, x, "slope, relative to its largest limit");
    return panel;
}

}  // namespace

Plot curve_plot(const Report& report) {
    Plot plot{.name = "age-curves",
              .title = "Along " + report.age + ", by site",
              .caption = {},
              .keys = {},
              .columns = 2,
              .panels = {}};
    const std::size_t count =
        std::min({report.curve_features.size(), report.before.curves.size(), report.after.curves.size()});
    if (count == 0 || report.curve_ages.size() < 2 || !(report.curve_ages.back() > report.curve_ages.front())) {
        return plot;
    }
    plot.caption =
        "Smoothed means of each site over the ages that it has. Lines that move together and keep their form are what "
        "harmonising should leave.";
    plot.keys = line_keys(report);
    for (std::size_t f = 0; f < count; ++f) {
        Extent extent;
        for (const Side& side : sides(report)) {
            for (const std::vector<double>& curve : side.state->curves[f]) {
                for (const double value : curve) {
                    extent.add(value);
                }
            }
        }
        // Where every site is too small for a curve there is nothing to see.
        if (extent.empty()) {
            continue;
        }
        for (const Side& side : sides(report)) {
            plot.panels.push_back(curve_panel(report, f, side, extent.padded()));
        }
    }
    return plot;
}

Plot slope_plot(const Report& report) {
    Plot plot{.name = "slopes", .title = "Covariate slopes", .caption = {}, .keys = {}, .columns = 2, .panels = {}};
    const std::vector<Index> features = worst(report, 20);
    const std::size_t terms = std::min({report.terms.size(), report.before.slopes.size(), report.after.slopes.size()});
    for (std::size_t term = 0; term < terms && !features.empty(); ++term) {
        plot.panels.push_back(slope_panel(report, term, features));
    }
    plot.caption =
        "What a covariate does to each feature, sites and the other covariates held, with 95 % intervals. Before and after "
        "should agree.";
    plot.keys = {{"<path d=\"" + mark(0, 7, 7, 4.5) + "\" class=\"open\"/>", "before"},
                 {"<path d=\"" + mark(0, 7, 7, 4.5) + "\" class=\"dot\"/>", "after"}};
    return plot;
}

}  // namespace tare::report::detail
