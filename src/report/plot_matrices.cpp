// Matrices as coloured cells: the correlation of features, and the site effects that the model holds.
#include <algorithm>
#include <array>
#include <cmath>

#include "plots.hpp"
#include "tare/report/shown.hpp"

namespace tare::report::detail {

namespace {

constexpr std::size_t most_columns = 32;

Panel correlation_panel(const Report& report, const Side& side) {
    const base::Matrix<double>& matrix = side.state->correlation;
    const auto count = static_cast<std::size_t>(matrix.rows());
    const bool named = count <= 24;
    const double left = named ? 110.0 : 0.0;
    const double cell = std::min(40.0, (half_width - left - 4) / static_cast<double>(count));
    Panel panel(std::string("Correlation of features, ") + side.word, "Orange is positive, blue negative, pale none.",
                half_width, 26 + cell * static_cast<double>(count) + 6);
    panel.text(0, 14, side.word == std::string("before") ? "Before" : "After", 0, "name");
    draw_cells(
        panel, {.left = left, .top = 26, .width = cell, .height = cell, .rows = count, .columns = count},
        [&](std::size_t row, std::size_t column) { return matrix(static_cast<Index>(row), static_cast<Index>(column)); });
    for (std::size_t i = 0; named && i < std::min(count, report.correlation_features.size()); ++i) {
        panel.text(left - 8, 26 + cell * (static_cast<double>(i) + 0.5) + 4,
                   fitted(at(report.features, report.correlation_features[i]), 12, left - 10), 2, "strong");
    }
    return panel;
}

/// The model's features with the largest effects anywhere first.
std::vector<Index> strongest(const ModelFacts& model, const base::Matrix<double>& values) {
    std::vector<double> largest(model.features.size(), 0.0);
    for (Index s = 0; s < values.rows(); ++s) {
        for (Index f = 0; f < values.columns(); ++f) {
            const double value = std::abs(values(s, f));
            largest[static_cast<std::size_t>(f)] =
                std::max(largest[static_cast<std::size_t>(f)], std::isfinite(value) ? value : 0.0);
        }
    }
    std::vector<Index> order(model.features.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = static_cast<Index>(i);
    }
    std::sort(order.begin(), order.end(),
              [&](Index a, Index b) { return at(largest, a) != at(largest, b) ? at(largest, a) > at(largest, b) : a < b; });
    order.resize(std::min(order.size(), most_columns));
    return order;
}

double largest_of(const base::Matrix<double>& values, const std::vector<Index>& features, bool logarithms) {
    double largest = 0.0;
    for (Index s = 0; s < values.rows(); ++s) {
        for (const Index f : features) {
            const double value = logarithms ? std::log(values(s, f)) / 2.0 : values(s, f);
            largest = std::max(largest, std::isfinite(value) ? std::abs(value) : 0.0);
        }
    }
    return largest;
}

struct Map {
    std::string title, unit;
    const base::Matrix<double>* values = nullptr;
    bool logarithms = false;
    double largest = 0.0;
};

Panel map_panel(const ModelFacts& model, const std::vector<Index>& features, const Map& map) {
    constexpr double left = 96.0;
    constexpr double top = 26.0;
    const double width = std::min(36.0, (half_width - left - 4) / static_cast<double>(features.size()));
    const double height = model.sites.size() <= 12 ? 20.0 : 13.0;
    const double rows = height * static_cast<double>(model.sites.size());
    const double size = width < 13.0 ? 10.0 : 12.0;
    double room = 0.0;
    for (const Index f : features) {
        room = width < 8.5 ? 0.0 : std::clamp(text_width(at(model.features, f), size) + 10.0, room, 112.0);
    }
    Panel panel(map.title, "Rows are sites, columns features: " + map.unit, half_width, top + rows + room + 6);
    panel.text(0, 14, map.title, 0, "name");
    draw_cells(
        panel,
        {.left = left, .top = top, .width = width, .height = height, .rows = model.sites.size(), .columns = features.size()},
        [&](std::size_t row, std::size_t column) {
            const double value = (*map.values)(static_cast<Index>(row), features[column]);
            const double shift = map.logarithms ? std::log(value) / 2.0 : value;
            return map.largest > 0.0 ? shift / map.largest : 0.0;
        });
    const std::string_view style = height < 16 ? "small strong" : "strong";
    for (std::size_t s = 0; s < model.sites.size(); ++s) {
        panel.text(left - 8, top + height * (static_cast<double>(s) + 0.5) + 4,
                   fitted(model.sites[s], height < 16 ? 10 : 12, left - 10), 2, style);
    }
    for (std::size_t f = 0; room > 0.0 && f < features.size(); ++f) {
        panel.turned(left + width * (static_cast<double>(f) + 0.5) + size / 3, top + rows + 8, -90.0,
                     fitted(at(model.features, features[f]), size, room - 4), 2, size < 12.0 ? "small" : "");
    }
    return panel;
}

}  // namespace

std::vector<Key> sign_keys(const std::array<std::string, 5>& labels) {
    return {colour_key("neg", labels[0]), colour_key("neg", labels[1], opacity(0.5)), colour_key("wash", labels[2]),
            colour_key("pos", labels[3], opacity(0.5)), colour_key("pos", labels[4])};
}

Plot correlation_plot(const Report& report) {
    Plot plot{
        .name = "correlation", .title = "Correlation of features", .caption = {}, .keys = {}, .columns = 2, .panels = {}};
    const Index count = report.before.correlation.rows();
    if (count < 2 || report.after.correlation.rows() != count) {
        return plot;
    }
    plot.caption = static_cast<std::size_t>(count) < report.features.size()
                       ? "The correlations among " + std::to_string(count) + " of " +
                             std::to_string(report.features.size()) + " features."
                       : "The correlations among all features.";
    plot.keys = sign_keys({"−1", "−0.5", "0", "0.5", "1"});
    for (const Side& side : sides(report)) {
        plot.panels.push_back(correlation_panel(report, side));
    }
    return plot;
}

Plot effect_map(const Report& report) {
    Plot plot{
        .name = "effect-map", .title = "What the model takes out", .caption = {}, .keys = {}, .columns = 2, .panels = {}};
    if (report.model.empty() || report.model.front().features.empty() || report.model.front().gamma_star.empty()) {
        return plot;
    }
    const ModelFacts& model = report.model.front();
    const std::vector<Index> features = strongest(model, model.gamma_star);
    const double shift = largest_of(model.gamma_star, features, false);
    const double factor = largest_of(model.delta_star, features, true);
    plot.panels.push_back(map_panel(model, features,
                                    {.title = "Shift γ*",
                                     .unit = "by how many standard deviations a site lies above (orange) or below (blue).",
                                     .values = &model.gamma_star,
                                     .logarithms = false,
                                     .largest = shift}));
    if (!model.delta_star.empty()) {
        plot.panels.push_back(map_panel(model, features,
                                        {.title = "Spread √δ*",
                                         .unit = "by which factor a site spreads more (orange) or less (blue).",
                                         .values = &model.delta_star,
                                         .logarithms = true,
                                         .largest = factor}));
    }
    const auto label = [&](double share) {
        return "γ* " + shown(share * shift) + (factor > 0.0 ? ", √δ* " + shown(std::exp(share * factor)) : std::string());
    };
    plot.keys = sign_keys({label(-1.0), label(-0.5), label(0.0), label(0.5), label(1.0)});
    plot.caption = "Shift in standard deviations, spread as a factor; sites by features";
    plot.caption += features.size() < model.features.size()
                        ? ", the " + std::to_string(features.size()) + " features with the largest shifts of " +
                              std::to_string(model.features.size()) + "."
                        : ", the largest shifts at the left.";
    return plot;
}

}  // namespace tare::report::detail
