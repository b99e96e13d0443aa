// Shares of variance: what site and covariates explain, each given the others, what none does, and what they share.
// Features are sorted by the share of site before.
#include <algorithm>
#include <cmath>

#include "axes.hpp"
#include "plots.hpp"
#include "tare/base/text.hpp"
#include "tare/report/summary.hpp"

namespace tare::report::detail {

namespace {

constexpr std::size_t most_rows = 20;
constexpr double least_drawn = 1e-4;

bool has_shares(const Report& report) {
    return !report.features.empty() && report.before.shares.size() == report.features.size() &&
           report.after.shares.size() == report.features.size();
}

double finite(double value) {
    return std::isfinite(value) ? std::clamp(value, 0.0, 1.0) : 0.0;
}

std::vector<Index> sorted_features(const Report& report) {
    std::vector<Index> order(report.features.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = static_cast<Index>(i);
    }
    std::sort(order.begin(), order.end(), [&](Index a, Index b) {
        const double first = finite(at(report.before.shares, a).site);
        const double second = finite(at(report.before.shares, b).site);
        return first != second ? first > second : a < b;
    });
    return order;
}

/// Where the parts of a feature's bar end: site, the terms, what none explains, what they share. Nothing where nothing can
/// be told.
std::vector<double> ends(const Report& report, const VarianceShares& shares) {
    std::vector<double> out{finite(shares.site)};
    for (std::size_t t = 0; t < report.terms.size(); ++t) {
        const double share = t < shares.terms.size() ? finite(shares.terms[t]) : 0.0;
        out.push_back(std::min(1.0, out.back() + share));
    }
    out.push_back(std::min(1.0, out.back() + finite(shares.rest)));
    out.push_back(std::isfinite(shares.rest) ? 1.0 : out.back());
    return out;
}

std::string part_class(const Report& report, std::size_t part) {
    static const std::vector<std::string> terms{"s0", "s2", "s3", "s4", "s6", "s7", "s5"};
    if (part > report.terms.size()) return part == report.terms.size() + 1 ? "rest" : "shared";
    return part == 0 ? "pos" : terms[(part - 1) % terms.size()];
}

std::vector<Key> part_keys(const Report& report) {
    std::vector<Key> keys{colour_key(part_class(report, 0), "site")};
    for (std::size_t t = 0; t < report.terms.size(); ++t) {
        keys.push_back(colour_key(part_class(report, t + 1), report.terms[t]));
    }
    keys.push_back(colour_key("rest", "none of them"));
    if (!report.terms.empty()) keys.push_back(colour_key("shared", "shared by them"));
    return keys;
}

/// Of how many features the parts come to more than the whole, to a tenth of a per cent.
std::size_t overlapping(const State& state) {
    return static_cast<std::size_t>(
        std::count_if(state.shares.begin(), state.shares.end(),
                      [](const VarianceShares& shares) { return shared_share(shares) < -5e-4; }));
}

/// Which bars end before their parts do; nothing where none does.
std::string cut_off(const Report& report) {
    const std::size_t before = overlapping(report.before), after = overlapping(report.after);
    if (before + after == 0) return {};
    return " Of " + base::counted(before, "feature") + " before and " + std::to_string(after) +
           " after the parts come to more than 100 %: they overlap, and their bars are cut off at 100 %.";
}

/// All features side by side, so narrow that they make an area.
Panel area_panel(const Report& report, const std::vector<Index>& order, const Side& side) {
    const Frame frame{.left = 46, .right = half_width - 4, .top = 28, .bottom = 228};
    Panel panel(std::string("Share of variance, ") + side.word,
                "Features from left to right, sorted by the share of site before; parts from the bottom: site, then each "
                "covariate, what none of them explains, and what they share.",
                half_width, frame.bottom + 26);
    panel.text(0, 14, side.word == std::string("before") ? "Before" : "After", 0, "name");
    const Scale y{.low = 0.0, .high = 100.0, .start = frame.bottom, .stop = frame.top};
    const double width = (frame.right - frame.left) / static_cast<double>(order.size());
    std::vector<std::string> paths(report.terms.size() + 3);
    // One outline per part, from the outermost in: the inner ones cover the outer ones.
    for (std::size_t i = 0; i < order.size(); ++i) {
        const std::vector<double> stops = ends(report, at(side.state->shares, order[i]));
        for (std::size_t part = 0; part < paths.size(); ++part) {
            paths[part] += "V" + xy(y(100.0 * stops[part])) + "H" + xy(frame.left + width * static_cast<double>(i + 1));
        }
    }
    for (std::size_t part = paths.size(); part-- > 0;) {
        panel.path("M" + xy(frame.left) + " " + xy(frame.bottom) + paths[part] + "V" + xy(frame.bottom) + "Z",
                   part_class(report, part));
    }
    draw_y_axis(panel, {.left = frame.left, .right = frame.left, .top = frame.top, .bottom = frame.bottom}, y, {});
    panel.text(frame.right, 14, "% of variance", 2);
    panel.line(frame.left, frame.bottom, frame.right, frame.bottom, "axis");
    panel.text(frame.right, frame.bottom + 17, std::to_string(order.size()) + " features, most site first", 2);
    return panel;
}

Panel named_panel(const Report& report, const std::vector<Index>& order, const Side& side) {
    constexpr double row_height = 19.0;
    constexpr double names = 196.0;
    const double top = 26.0;
    const double height = row_height * static_cast<double>(order.size());
    Panel panel(
        std::string("Share of variance by feature, ") + side.word,
        "A bar per feature; parts from the left: site, then each covariate, what none of them explains, and what they "
        "share.",
        half_width, top + height + 42);
    panel.text(0, 14, side.word == std::string("before") ? "Before" : "After", 0, "name");
    const Frame frame{.left = names, .right = half_width - 14, .top = top, .bottom = top + height + 4};
    const Scale x{.low = 0.0, .high = 100.0, .start = frame.left, .stop = frame.right};
    for (std::size_t row = 0; row < order.size(); ++row) {
        const double y = top + row_height * static_cast<double>(row) + 3;
        panel.text(names - 10, y + 11, fitted(at(report.features, order[row]), 11, names - 12), 2, "strong name11");
        double from = 0.0;
        const std::vector<double> stops = ends(report, at(side.state->shares, order[row]));
        for (std::size_t part = 0; part < stops.size(); ++part) {
            if (stops[part] - from > least_drawn)
                panel.rectangle(x(100.0 * from), y, x(100.0 * stops[part]) - x(100.0 * from), row_height - 5,
                                part_class(report, part));
            from = stops[part];
        }
    }
    draw_x_axis(panel, frame, x, "% of variance");
    return panel;
}

Plot empty_plot(const Report& report, const char* name) {
    return {.name = name,
            .title = "Share of variance",
            .caption = {},
            .keys = has_shares(report) ? part_keys(report) : std::vector<Key>(),
            .columns = 2,
            .panels = {}};
}

}  // namespace

Plot share_plot(const Report& report) {
    Plot plot = empty_plot(report, "variance-shares");
    if (!has_shares(report) || report.features.size() <= most_rows) {
        return plot;
    }
    plot.caption = "Every feature is a column, in the same order on both sides." + cut_off(report);
    const std::vector<Index> order = sorted_features(report);
    for (const Side& side : sides(report)) {
        plot.panels.push_back(area_panel(report, order, side));
    }
    return plot;
}

Plot share_plot_named(const Report& report) {
    Plot plot = empty_plot(report, "variance-shares-named");
    if (!has_shares(report)) {
        return plot;
    }
    std::vector<Index> order = sorted_features(report);
    if (order.size() > most_rows) {
        plot.title += ", the most affected features";
    }
    plot.caption = order.size() > most_rows
                       ? "The " + std::to_string(most_rows) + " features with the largest share of site before."
                       : "Every feature, the largest share of site before first." + cut_off(report);
    order.resize(std::min(order.size(), most_rows));
    for (const Side& side : sides(report)) {
        plot.panels.push_back(named_panel(report, order, side));
    }
    return plot;
}

}  // namespace tare::report::detail
