// The first two principal components of all people, coloured by site and by age.
#include <algorithm>
#include <array>
#include <cmath>

#include "axes.hpp"
#include "plots.hpp"
#include "tare/report/shown.hpp"

namespace tare::report::detail {

namespace {

constexpr double side_length = 330.0;
constexpr std::size_t most_points = 4000;
constexpr std::size_t age_bins = 7;

bool has_scores(const Report& report) {
    return report.before.scores.rows() > 0 && report.before.scores.columns() >= 2 &&
           report.after.scores.rows() == report.before.scores.rows() && report.after.scores.columns() >= 2 &&
           static_cast<std::size_t>(report.before.scores.rows()) == report.site_of.size();
}

/// The people that are drawn: all, or every k-th where they are too many to see.
std::vector<Index> drawn_people(const Report& report) {
    const std::size_t step = (report.site_of.size() + most_points - 1) / most_points;
    std::vector<Index> out;
    for (std::size_t i = 0; i < report.site_of.size(); i += std::max<std::size_t>(1, step)) {
        out.push_back(static_cast<Index>(i));
    }
    return out;
}

struct Canvas {
    Panel panel;
    Scale x, y;
};

Canvas canvas(const Report& report, const Side& side, const std::string& by) {
    std::array<Extent, 2> extents;
    for (const Side& each : sides(report)) {
        for (Index i = 0; i < each.state->scores.rows(); ++i) {
            extents[0].add(each.state->scores(i, 0));
            extents[1].add(each.state->scores(i, 1));
        }
    }
    const Frame frame{.left = 50, .right = half_width - 4, .top = 46, .bottom = 46 + side_length};
    const Extent wide = extents[0].padded();
    const Extent high = extents[1].padded();
    Canvas out{.panel = Panel("Principal components by " + by + ", " + side.word,
                              "A mark per person; the closer the groups lie together, the less they differ.", half_width,
                              frame.bottom + 40),
               .x = {.low = wide.low(), .high = wide.high(), .start = frame.left, .stop = frame.right},
               .y = {.low = high.low(), .high = high.high(), .start = frame.bottom, .stop = frame.top}};
    out.panel.text(0, 14, side.word == std::string("before") ? "Before" : "After", 0, "name");
    draw_y_axis(out.panel, frame, out.y, "component 2 (" + shown_share(side.state->component_share[1]) + ")");
    draw_x_axis(out.panel, frame, out.x, "component 1 (" + shown_share(side.state->component_share[0]) + ")");
    return out;
}

struct Centre {
    double x = 0.0, y = 0.0, n = 0.0;
};

std::vector<Centre> centres(const Report& report, const State& state) {
    std::vector<Centre> out(report.sites.size());
    for (Index i = 0; i < state.scores.rows(); ++i) {
        if (std::isfinite(state.scores(i, 0)) && std::isfinite(state.scores(i, 1))) {
            Centre& centre = out[static_cast<std::size_t>(at(report.site_of, i))];
            centre.x += state.scores(i, 0);
            centre.y += state.scores(i, 1);
            centre.n += 1.0;
        }
    }
    for (Centre& centre : out) {
        centre.x /= std::max(1.0, centre.n);
        centre.y /= std::max(1.0, centre.n);
    }
    return out;
}

Panel by_site(const Report& report, const Side& side) {
    Canvas c = canvas(report, side, "site");
    const bool few = report.sites.size() <= told_apart;
    std::vector<std::string> paths(few ? report.sites.size() : 1);
    for (const Index i : drawn_people(report)) {
        const double x = side.state->scores(i, 0);
        const double y = side.state->scores(i, 1);
        const auto site = static_cast<std::size_t>(at(report.site_of, i));
        if (std::isfinite(x) && std::isfinite(y)) {
            paths[few ? site : 0] += mark(few ? static_cast<int>(site) : 0, c.x(x), c.y(y), few ? 2.6 : 2.0);
        }
    }
    for (std::size_t s = 0; s < paths.size(); ++s) {
        c.panel.path(paths[s], few ? "s" + std::to_string(s) : "ghost", few ? opacity(0.6) : std::string());
    }
    const std::vector<Centre> middle = centres(report, *side.state);
    for (std::size_t s = 0; s < middle.size(); ++s) {
        if (middle[s].n == 0.0) {
            continue;
        }
        const auto kind = static_cast<int>(s % told_apart);
        if (few) {
            c.panel.path(mark(kind, c.x(middle[s].x), c.y(middle[s].y), 7.5), "lift s" + std::to_string(kind));
        } else {
            c.panel.path(mark(0, c.x(middle[s].x), c.y(middle[s].y), 8), "lift s" + std::to_string(kind));
            c.panel.text(c.x(middle[s].x), c.y(middle[s].y) + 3.5, std::to_string(s + 1), 1, "num");
        }
    }
    return std::move(c.panel);
}

struct Ages {
    double least = 0.0, step = 1.0;
    [[nodiscard]] std::size_t bin(double age) const {
        return static_cast<std::size_t>(std::clamp((age - least) / step, 0.0, static_cast<double>(age_bins) - 1.0));
    }
};

Ages ages_of(const Report& report) {
    Extent extent;
    for (const double age : report.age_of) {
        extent.add(age);
    }
    const Extent whole = extent.padded(0.0);
    return {.least = whole.low(), .step = (whole.high() - whole.low()) / static_cast<double>(age_bins)};
}

Panel by_age(const Report& report, const Side& side, const Ages& ages) {
    Canvas c = canvas(report, side, report.age);
    std::array<std::string, age_bins> paths;
    for (const Index i : drawn_people(report)) {
        const double x = side.state->scores(i, 0);
        const double y = side.state->scores(i, 1);
        const double age = at(report.age_of, i);
        if (std::isfinite(x) && std::isfinite(y) && std::isfinite(age)) {
            const std::size_t bin = ages.bin(age);
            // Size is the second channel: the older, the larger.
            paths[bin] += mark(0, c.x(x), c.y(y), 1.7 + 0.3 * static_cast<double>(bin));
        }
    }
    for (std::size_t bin = 0; bin < age_bins; ++bin) {
        c.panel.path(paths[bin], "q" + std::to_string(bin), opacity(0.75));
    }
    return std::move(c.panel);
}

std::string thinned(const Report& report) {
    return report.site_of.size() <= most_points ? std::string()
                                                : " " + std::to_string(drawn_people(report).size()) + " of " +
                                                      std::to_string(report.site_of.size()) + " people are drawn.";
}

}  // namespace

Plot components_by_site(const Report& report) {
    Plot plot{.name = "components-site",
              .title = "Principal components by site",
              .caption = {},
              .keys = {},
              .columns = 2,
              .panels = {}};
    if (!has_scores(report)) {
        return plot;
    }
    plot.caption = "Each mark is a person, each large mark the middle of a site." + thinned(report);
    plot.keys = site_keys(report);
    if (plot.keys.empty()) {
        for (std::size_t s = 0; s < report.sites.size(); ++s) {
            plot.keys.push_back({"<path d=\"" + mark(0, 7, 7, 7) + "\" class=\"s" + std::to_string(s % told_apart) +
                                     "\"/><text x=\"7\" y=\"10.5\" text-anchor=\"middle\" class=\"num\">" +
                                     std::to_string(s + 1) + "</text>",
                                 report.sites[s].name});
        }
    }
    for (const Side& side : sides(report)) {
        plot.panels.push_back(by_site(report, side));
    }
    return plot;
}

Plot components_by_age(const Report& report) {
    Plot plot{.name = "components-age",
              .title = "Principal components by " + report.age,
              .caption = {},
              .keys = {},
              .columns = 2,
              .panels = {}};
    if (!has_scores(report) || report.age.empty() || report.age_of.size() != report.site_of.size()) {
        return plot;
    }
    const Ages ages = ages_of(report);
    plot.caption = "The same people; the larger and darker a mark, the larger " + report.age +
                   ". What is biology should look alike on both sides." + thinned(report);
    for (std::size_t bin = 0; bin < age_bins; ++bin) {
        const double from = ages.least + ages.step * static_cast<double>(bin);
        plot.keys.push_back({"<path d=\"" + mark(0, 7, 7, 3.0 + 0.5 * static_cast<double>(bin)) + "\" class=\"q" +
                                 std::to_string(bin) + "\"/>",
                             shown_range(from, from + ages.step)});
    }
    for (const Side& side : sides(report)) {
        plot.panels.push_back(by_age(report, side, ages));
    }
    return plot;
}

}  // namespace tare::report::detail
