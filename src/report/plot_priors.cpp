// The model's priors: site effects as observed beside the prior fitted to them, and uncertainty against size of a site.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "axes.hpp"
#include "plots.hpp"
#include "tare/report/shown.hpp"

namespace tare::report::detail {

namespace {

constexpr double width = 227.0;
constexpr int bins = 24;
constexpr std::size_t few_features = 12;

std::vector<double> finite_row(const base::Matrix<double>& values, Index row) {
    std::vector<double> out;
    for (const double value : values.row(row)) {
        if (std::isfinite(value)) {
            out.push_back(value);
        }
    }
    return out;
}

/// Where the middle 99 % of all values lie, so that one outlier does not flatten every panel.
Extent usual_extent(const base::Matrix<double>& values) {
    std::vector<double> all;
    for (Index s = 0; s < values.rows(); ++s) {
        const std::vector<double> row = finite_row(values, s);
        all.insert(all.end(), row.begin(), row.end());
    }
    std::sort(all.begin(), all.end());
    Extent extent;
    if (!all.empty()) {
        const std::size_t cut = all.size() / 200;
        extent.add(all[cut]);
        extent.add(all[all.size() - 1 - cut]);
    }
    return extent.padded(0.08);
}

using Density = std::function<double(double)>;

Panel prior_panel(const std::string& title, const std::vector<double>& values, const Extent& extent, const Density& density,
                  double middle) {
    const Frame frame{.left = 14, .right = width - 14, .top = 28, .bottom = 112};
    Panel panel(title + ": observed and prior",
                "Bars: the features' observed values; line: the prior that was fitted to them.", width, frame.bottom + 24);
    panel.text(0, 14, fitted(title, 12, width), 0, "strong");
    const Scale x{.low = extent.low(), .high = extent.high(), .start = frame.left, .stop = frame.right};
    const double step = (extent.high() - extent.low()) / bins;
    std::vector<double> counts(static_cast<std::size_t>(bins), 0.0);
    for (const double value : values) {
        const double bin = std::floor((value - extent.low()) / step);
        if (bin >= 0.0 && bin < bins) {
            counts[static_cast<std::size_t>(bin)] += 1.0;
        }
    }
    const double total = static_cast<double>(values.size()) * step;
    double highest = values.size() > few_features ? *std::max_element(counts.begin(), counts.end()) : 0.0;
    std::vector<double> line;
    for (int i = 0; i <= 4 * bins; ++i) {
        const double value = density(extent.low() + step * i / 4.0) * total;
        line.push_back(value);
        highest = std::max(highest, std::isfinite(value) ? value : 0.0);
    }
    const Scale y{.low = 0.0, .high = highest > 0.0 ? highest * 1.05 : 1.0, .start = frame.bottom, .stop = frame.top};
    if (values.size() > few_features) {
        std::string bars;
        for (int i = 0; i < bins; ++i) {
            const double count = counts[static_cast<std::size_t>(i)];
            if (count > 0.0) {
                bars += "M" + xy(x(extent.low() + step * i)) + " " + xy(frame.bottom) + "V" + xy(y(count)) + "H" +
                        xy(x(extent.low() + step * (i + 1))) + "V" + xy(frame.bottom) + "Z";
            }
        }
        panel.path(bars, "bar");
    } else {
        std::string rug;
        for (const double value : values) {
            rug += "M" + xy(x(value)) + " " + xy(frame.bottom) + "v-14";
        }
        panel.path(rug, "curve l5");
    }
    std::string curve;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (std::isfinite(line[i])) {
            curve += (curve.empty() ? "M" : "L") + xy(x(extent.low() + step * static_cast<double>(i) / 4.0)) + " " +
                     xy(y(line[i]));
        }
    }
    if (std::any_of(line.begin(), line.end(), [](double value) { return value > 0.0; })) {
        panel.path(curve, "fit");
    }
    panel.line(x(middle), frame.top, x(middle), frame.bottom, "zero");
    draw_x_axis(panel, frame, x, {});
    return panel;
}

Density normal(double mean, double variance) {
    return [=](double x) {
        return variance > 0.0
                   ? std::exp(-(x - mean) * (x - mean) / (2.0 * variance)) / std::sqrt(2.0 * std::numbers::pi * variance)
                   : std::nan("");
    };
}

Density inverse_gamma(double a, double b) {
    return [=](double x) {
        if (!(a > 0.0) || !(b > 0.0)) {
            return std::nan("");
        }
        return x > 0.0 ? std::exp(a * std::log(b) - std::lgamma(a) - (a + 1.0) * std::log(x) - b / x) : 0.0;
    };
}

/// From left to right, from top to bottom.
using Area = std::array<double, 4>;

/// A name stands above its mark, right of it or below it, where nothing else stands; else nowhere.
void put_name(Panel& panel, const std::string& name, double x, double y, const Frame& frame, std::vector<Area>& taken) {
    const double wide = text_width(name, 11) + 2;
    const double left = std::clamp(x - wide / 2, frame.left + 2, std::max(frame.left + 2, half_width - wide));
    const std::array<Area, 3> places{Area{left, left + wide, y - 19, y - 6}, Area{x + 7, x + 7 + wide, y - 6, y + 7},
                                     Area{left, left + wide, y + 7, y + 20}};
    for (const Area& place : places) {
        const bool free = std::none_of(taken.begin(), taken.end(), [&](const Area& other) {
            return place[0] < other[1] && other[0] < place[1] && place[2] < other[3] && other[2] < place[3];
        });
        if (free && place[1] <= half_width && place[3] < frame.bottom) {
            panel.text(place[0], place[3] - 3, name, 0, "tag");
            taken.push_back(place);
            return;
        }
    }
}

double value_at(const std::vector<double>& values, std::size_t i) {
    return i < values.size() ? values[i] : std::nan("");
}

}  // namespace

Plot prior_plot(const Report& report) {
    Plot plot{.name = "priors",
              .title = "Observed site effects and their priors",
              .caption = {},
              .keys = {},
              .columns = 4,
              .panels = {}};
    if (report.model.empty() || report.model.front().gamma_hat.empty()) {
        return plot;
    }
    const ModelFacts& model = report.model.front();
    const Extent shifts = usual_extent(model.gamma_hat);
    const bool spread = !model.delta_hat.empty();
    const Extent spreads = spread ? usual_extent(model.delta_hat) : Extent();
    for (std::size_t s = 0; s < model.sites.size(); ++s) {
        const auto row = static_cast<Index>(s);
        plot.panels.push_back(prior_panel(model.sites[s] + ", shift γ̂", finite_row(model.gamma_hat, row), shifts,
                                          normal(value_at(model.gamma_bar, s), value_at(model.tau2, s)), 0.0));
        if (spread) {
            plot.panels.push_back(prior_panel(model.sites[s] + ", variance δ̂", finite_row(model.delta_hat, row), spreads,
                                              inverse_gamma(value_at(model.a, s), value_at(model.b, s)), 1.0));
        }
    }
    plot.caption =
        "Bars: what each site shows over the features; line: the prior that shrinks it (normal for shifts, inverse gamma "
        "for "
        "variances). Where the line misses the bars, prefer a non-parametric prior.";
    return plot;
}

Plot uncertainty_plot(const Report& report) {
    Plot plot{.name = "uncertainty",
              .title = "Uncertainty and size of a site",
              .caption = {},
              .keys = {},
              .columns = 1,
              .panels = {}};
    if (report.model.empty()) {
        return plot;
    }
    const ModelFacts& model = report.model.front();
    Extent across;
    Extent up;
    up.add(0.0);
    std::vector<std::size_t> shown_sites;
    for (std::size_t s = 0; s < std::min({model.sites.size(), model.sizes.size(), model.uncertainty.size()}); ++s) {
        if (std::isfinite(model.uncertainty[s]) && model.sizes[s] > 0.0) {
            across.add(model.sizes[s]);
            up.add(model.uncertainty[s]);
            shown_sites.push_back(s);
        }
    }
    if (shown_sites.empty()) {
        return plot;
    }
    const Frame frame{.left = 50, .right = half_width - 30, .top = 44, .bottom = 264};
    Panel panel("Uncertainty of each site's shift against its number of people",
                "A mark per site; fewer people, more uncertainty.", half_width, frame.bottom + 40);
    const Scale x{.low = across.low() / 1.3,
                  .high = across.high() * 1.3,
                  .start = frame.left,
                  .stop = frame.right,
                  .logarithmic = true};
    const Scale y{.low = 0.0, .high = up.high() * 1.12, .start = frame.bottom, .stop = frame.top};
    draw_y_axis(panel, frame, y, "posterior SD of γ, in standard deviations of a feature");
    draw_x_axis(panel, frame, x, "people at the site");
    std::sort(shown_sites.begin(), shown_sites.end(), [&](std::size_t a, std::size_t b) {
        return model.sizes[a] != model.sizes[b] ? model.sizes[a] < model.sizes[b] : a < b;
    });
    std::vector<Area> taken;
    for (const std::size_t s : shown_sites) {
        const double px = x(model.sizes[s]);
        const double py = y(model.uncertainty[s]);
        panel.path(mark(0, px, py, 4), "dot");
        taken.push_back({px - 5, px + 5, py - 5, py + 5});
    }
    for (std::size_t i = 0; i < shown_sites.size(); ++i) {
        const std::size_t s = shown_sites[i];
        const double px = x(model.sizes[s]);
        const double py = y(model.uncertainty[s]);
        const auto same = [&](std::size_t other) {
            return std::abs(x(model.sizes[other]) - px) < 3.0 && std::abs(y(model.uncertainty[other]) - py) < 3.0;
        };
        std::size_t last = i;
        while (last + 1 < shown_sites.size() && same(shown_sites[last + 1])) {
            ++last;
        }
        const std::string more = last > i ? " and " + std::to_string(last - i) + " more" : std::string();
        put_name(panel, fitted(model.sites[s], 11, 90) + more, px, py, frame, taken);
        i = last;
    }
    plot.panels.push_back(panel);
    plot.caption = "How well each site's shift is known. Small sites lean on the prior.";
    return plot;
}

}  // namespace tare::report::detail
