// The values of the images' voxels by site: outlines of histograms, on top of each other where sites can be told apart, else
// a small panel for each.
#include <algorithm>
#include <array>
#include <cmath>

#include "axes.hpp"
#include "plots.hpp"
#include "tare/report/shown.hpp"

namespace tare::report::detail {

namespace {

constexpr double small_width = 227.0;
constexpr Frame small_frame{.left = 14, .right = small_width - 14, .top = 28, .bottom = 118};

struct Axes {
    Frame frame;
    Scale x, y;
};

Axes axes_of(const Histograms& histograms, const Frame& frame) {
    double highest = 0.0;
    for (const VoxelValues* voxels : {&histograms.before, &histograms.after}) {
        for (const std::vector<double>& shares : voxels->shares) {
            for (const double share : shares) {
                highest = std::max(highest, 100.0 * share);
            }
        }
    }
    return {
        .frame = frame,
        .x = {.low = histograms.edges.front(), .high = histograms.edges.back(), .start = frame.left, .stop = frame.right},
        .y = {.low = 0.0, .high = highest > 0.0 ? 1.05 * highest : 1.0, .start = frame.bottom, .stop = frame.top}};
}

std::string outline(const std::vector<double>& shares, const std::vector<double>& edges, const Axes& axes) {
    std::string out = "M" + xy(axes.x(edges.front())) + " " + xy(axes.y(0.0));
    for (std::size_t b = 0; b < shares.size(); ++b) {
        out += "V" + xy(axes.y(100.0 * shares[b])) + "H" + xy(axes.x(edges[b + 1]));
    }
    return out + "V" + xy(axes.y(0.0));
}

/// All sites together: every site's share counts by its people.
std::vector<double> of_all_sites(const Report& report, const VoxelValues& voxels) {
    std::vector<double> out(voxels.shares.front().size(), 0.0);
    for (std::size_t s = 0; s < voxels.shares.size(); ++s) {
        const double weight = static_cast<double>(report.sites[s].n) / static_cast<double>(report.people);
        for (std::size_t b = 0; b < out.size(); ++b) {
            out[b] += weight * voxels.shares[s][b];
        }
    }
    return out;
}

Panel state_panel(const Histograms& histograms, const VoxelValues& voxels, const std::string& word) {
    const Axes axes = axes_of(histograms, {.left = 50, .right = half_width - 8, .top = 46, .bottom = 246});
    Panel panel("Voxels by site, " + word, "A line per site: the share of its voxels in each bin.", half_width,
                axes.frame.bottom + 40);
    panel.text(0, 14, word == "before" ? "Before" : "After", 0, "name");
    draw_y_axis(panel, axes.frame, axes.y, "% of a site’s voxels");
    draw_x_axis(panel, axes.frame, axes.x, "value of a voxel");
    for (std::size_t s = 0; s < voxels.shares.size(); ++s) {
        panel.path(outline(voxels.shares[s], histograms.edges, axes), "thin l" + std::to_string(s), dashes(s));
    }
    return panel;
}

Panel site_panel(const Report& report, const Histograms& histograms, std::size_t site, const std::string& everyone) {
    const Axes axes = axes_of(histograms, small_frame);
    const std::string& name = report.sites[site].name;
    Panel panel(name + ": voxels before and after", "Dashed before, solid after; the area is all sites after.", small_width,
                axes.frame.bottom + 24);
    panel.text(0, 14, fitted(name, 12, small_width), 0, "strong");
    panel.path(everyone, "bar");
    panel.path(outline(histograms.before.shares[site], histograms.edges, axes), "thin l0", " stroke-dasharray=\"4 3\"");
    panel.path(outline(histograms.after.shares[site], histograms.edges, axes), "fit");
    draw_x_axis(panel, axes.frame, axes.x, {});
    return panel;
}

bool is_whole(const Report& report, const Histograms& histograms) {
    const std::size_t bins = histograms.edges.empty() ? 0 : histograms.edges.size() - 1;
    const auto fits = [&](const VoxelValues& voxels) {
        return voxels.shares.size() == report.sites.size() &&
               std::ranges::all_of(voxels.shares, [&](const auto& shares) { return shares.size() == bins; });
    };
    return bins > 0 && !report.sites.empty() && fits(histograms.before) && fits(histograms.after);
}

}  // namespace

Plot histogram_plot(const Report& report) {
    Plot plot{.name = "voxels", .title = "Voxels by site", .caption = {}, .keys = {}, .columns = 2, .panels = {}};
    if (report.histograms.empty() || !is_whole(report, report.histograms.front())) {
        return plot;
    }
    const Histograms& histograms = report.histograms.front();
    plot.caption =
        "How the values of the voxels are spread, in bins that are the same everywhere. The area below an outline is all of "
        "a site’s voxels, but for the few beyond the bins.";
    if (report.sites.size() > 1) {
        plot.caption += " Two sites’ outlines share " + shown_share(histograms.before.overlap) +
                        " of their area before and " + shown_share(histograms.after.overlap) + " after, on average.";
    }
    if (report.sites.size() <= told_apart) {
        plot.keys = line_keys(report);
        for (const Side& side : sides(report)) {
            const VoxelValues& voxels = side.state == &report.before ? histograms.before : histograms.after;
            plot.panels.push_back(state_panel(histograms, voxels, side.word));
        }
        return plot;
    }
    plot.columns = 4;
    plot.keys = {{"<path d=\"M0 7H14\" class=\"thin l0\" stroke-dasharray=\"4 3\"/>", "before"},
                 {"<path d=\"M0 7H14\" class=\"fit\"/>", "after"},
                 colour_key("bar", "all sites after")};
    const Axes axes = axes_of(histograms, small_frame);
    const std::string everyone = outline(of_all_sites(report, histograms.after), histograms.edges, axes);
    for (std::size_t s = 0; s < report.sites.size(); ++s) {
        plot.panels.push_back(site_panel(report, histograms, s, everyone));
    }
    return plot;
}

}  // namespace tare::report::detail
