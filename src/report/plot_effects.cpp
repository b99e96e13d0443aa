// Size of the site effect, before and after, feature by feature: differences of means beside differences of spread.
#include <algorithm>

#include "axes.hpp"
#include "plots.hpp"

namespace tare::report::detail {

namespace {

constexpr std::size_t most_rows = 20;
constexpr double row_height = 20.0;
constexpr double names = 196.0;

using Effect = double (*)(const SiteEffect&);

Panel effect_panel(const Report& report, const std::vector<Index>& features, const std::string& title, Effect effect) {
    Extent extent;
    extent.add(0.0);
    extent.add(0.05);
    for (const Index f : features) {
        for (const Side& side : sides(report)) {
            extent.add(effect(at(side.state->effects, f)));
        }
    }
    const double top = 30.0;
    const double height = row_height * static_cast<double>(features.size());
    Panel panel(title, "A row per feature: open circle before, filled circle after; small is little site effect.",
                half_width, top + height + 46);
    panel.text(0, 14, title, 0, "name");
    const Frame frame{.left = names, .right = half_width - 14, .top = top, .bottom = top + height + 4};
    const Scale x{.low = 0.0, .high = extent.high() * 1.05, .start = frame.left, .stop = frame.right};
    for (std::size_t row = 0; row < features.size(); ++row) {
        const Index f = features[row];
        const double y = top + row_height * (static_cast<double>(row) + 0.5);
        const double before = effect(at(report.before.effects, f));
        const double after = effect(at(report.after.effects, f));
        panel.text(names - 10, y + 4, fitted(at(report.features, f), 11, names - 12), 2, "strong name11");
        panel.line(frame.left, y, frame.right, y, "grid");
        if (std::isfinite(before) && std::isfinite(after)) {
            panel.line(x(before), y, x(after), y, "link");
        }
        if (std::isfinite(before)) {
            panel.path(mark(0, x(before), y, 4.5), "open");
        }
        if (std::isfinite(after)) {
            panel.path(mark(0, x(after), y, 4.0), "dot");
        }
    }
    draw_x_axis(panel, frame, x, "share of variance (η²)");
    return panel;
}

}  // namespace

Plot effect_plot(const Report& report) {
    Plot plot{
        .name = "site-effects", .title = "Size of the site effect", .caption = {}, .keys = {}, .columns = 2, .panels = {}};
    const std::vector<Index> features = worst(report, most_rows);
    if (features.empty() || report.sites.size() < 2 || report.before.effects.empty() || report.after.effects.empty()) {
        return plot;
    }
    plot.caption = features.size() < report.features.size()
                       ? "The " + std::to_string(features.size()) + " features of " +
                             std::to_string(report.features.size()) +
                             " with the largest site effect before; all stand in the list below."
                       : "Every feature, the largest site effect before first.";
    plot.keys = {{"<path d=\"" + mark(0, 7, 7, 4.5) + "\" class=\"open\"/>", "before"},
                 {"<path d=\"" + mark(0, 7, 7, 4.5) + "\" class=\"dot\"/>", "after"}};
    plot.panels.push_back(effect_panel(report, features, "Means differ (after covariates)",
                                       [](const SiteEffect& e) { return e.anova.effect; }));
    plot.panels.push_back(
        effect_panel(report, features, "Spreads differ", [](const SiteEffect& e) { return e.brown_forsythe.effect; }));
    return plot;
}

}  // namespace tare::report::detail
