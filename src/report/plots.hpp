// The plots of a report, each a pure function of its values; a plot without panels has nothing to show.
#pragma once

#include <array>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "svg.hpp"
#include "tare/report/facts.hpp"

namespace tare::report::detail {

using base::Index;

/// Up to this many sites have a colour and a shape each; of more, the outermost are named.
inline constexpr std::size_t told_apart = static_cast<std::size_t>(kinds);
/// A panel that takes half of a page's width.
inline constexpr double half_width = 470.0;

template <typename T>
const T& at(const std::vector<T>& values, Index i) {
    return values[static_cast<std::size_t>(i)];
}

/// The two tables, in the order in which they are shown.
struct Side {
    const char* word;
    const State* state;
};
[[nodiscard]] inline std::vector<Side> sides(const Report& report) {
    return {{"before", &report.before}, {"after", &report.after}};
}

/// The features with the worst site effect before, at most `most`.
[[nodiscard]] std::vector<Index> worst(const Report& report, std::size_t most);
/// The worst features and two in the middle of the ranking.
[[nodiscard]] std::vector<Index> boxed_features(const Report& report);
/// The legend of sites; empty where there are too many to tell apart.
[[nodiscard]] std::vector<Key> site_keys(const Report& report);
/// The same where sites are lines. Dashes are the second channel beside colour.
[[nodiscard]] std::vector<Key> line_keys(const Report& report);
/// ` stroke-dasharray="6 3"`; nothing for the first site.
[[nodiscard]] std::string dashes(std::size_t site);

/// Values between −1 and 1 as coloured cells; not finite ones stay empty.
struct Cells {
    double left = 0.0, top = 0.0, width = 0.0, height = 0.0;  ///< of one cell
    std::size_t rows = 0, columns = 0;
};
template <typename Value>
void draw_cells(Panel& panel, const Cells& cells, Value value);
/// ` fill-opacity="0.25"`, with two decimals.
[[nodiscard]] std::string opacity(double share);
/// The colour bar for it: what −1, −0.5, 0, 0.5 and 1 stand for.
[[nodiscard]] std::vector<Key> sign_keys(const std::array<std::string, 5>& labels);

[[nodiscard]] Plot people_plot(const Report& report);
[[nodiscard]] Plot effect_plot(const Report& report);
[[nodiscard]] Plot box_plot(const Report& report);
[[nodiscard]] Plot components_by_site(const Report& report);
[[nodiscard]] Plot components_by_age(const Report& report);
[[nodiscard]] Plot share_plot(const Report& report);
[[nodiscard]] Plot share_plot_named(const Report& report);
[[nodiscard]] Plot curve_plot(const Report& report);
[[nodiscard]] Plot correlation_plot(const Report& report);
[[nodiscard]] Plot slope_plot(const Report& report);
[[nodiscard]] Plot effect_map(const Report& report);
[[nodiscard]] Plot prior_plot(const Report& report);
[[nodiscard]] Plot uncertainty_plot(const Report& report);
[[nodiscard]] Plot histogram_plot(const Report& report);
[[nodiscard]] Plot montage_plot(const Report& report);

/// All that have something to show, in the page's order.
[[nodiscard]] std::vector<Plot> all_plots(const Report& report);

template <typename Value>
void draw_cells(Panel& panel, const Cells& cells, Value value) {
    constexpr std::size_t levels = 12;
    // One path per colour, runs of equal cells as one rectangle: few bytes for many cells. The middle one is the ground.
    std::array<std::string, 2 * levels + 1> paths;
    const auto level = [&](std::size_t row, std::size_t column) {
        const double v = value(row, column);
        const double steps = std::isfinite(v) ? std::round(std::fmin(1.0, std::fmax(-1.0, v)) * levels) : 0.0;
        return static_cast<std::size_t>(steps + levels);
    };
    for (std::size_t row = 0; row < cells.rows; ++row) {
        for (std::size_t first = 0; first < cells.columns;) {
            const std::size_t l = level(row, first);
            std::size_t end = first + 1;
            while (end < cells.columns && level(row, end) == l) {
                ++end;
            }
            const double x = cells.left + cells.width * static_cast<double>(first);
            const std::string wide = xy(cells.width * static_cast<double>(end - first));
            paths[l] += "M" + xy(x) + " " + xy(cells.top + cells.height * static_cast<double>(row)) + "h" + wide + "v" +
                        xy(cells.height) + "h-" + wide + "z";
            first = end;
        }
    }
    panel.rectangle(cells.left, cells.top, cells.width * static_cast<double>(cells.columns),
                    cells.height * static_cast<double>(cells.rows), "wash");
    for (std::size_t l = 0; l < paths.size(); ++l) {
        const double share = static_cast<double>(l) / levels - 1.0;
        if (l != levels) {
            panel.path(paths[l], share < 0.0 ? "neg cells" : "pos cells", opacity(std::abs(share)));
        }
    }
}

}  // namespace tare::report::detail
