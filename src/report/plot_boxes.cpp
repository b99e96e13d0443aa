// Boxes by site, before beside after on one axis: the worst features and the typical ones.
#include <algorithm>
#include <cmath>

#include "axes.hpp"
#include "plots.hpp"

namespace tare::report::detail {

namespace {

struct Labels {
    double angle = 0.0, room = 22.0, size = 12.0;
};

/// How the sites' names stand below: level where they fit, else turned.
Labels labels_for(const Report& report, double slot) {
    double widest = 0.0;
    for (const Site& site : report.sites) {
        widest = std::max(widest, text_width(site.name, 12.0));
    }
    if (widest < slot - 4) {
        return {};
    }
    const double size = slot < 13.0 ? 10.0 : 12.0;
    return {.angle = -90.0, .room = std::min(96.0, widest * size / 12.0 + 14.0), .size = size};
}

void draw_box(Panel& panel, const Box& box, const Scale& y, double middle, double width, std::size_t site) {
    if (box.n == 0 || !std::isfinite(box.median)) {
        return;
    }
    const std::string kind = std::to_string(site % told_apart);
    const double top = y(box.upper_quartile);
    panel.path("M" + xy(middle) + " " + xy(y(box.high_whisker)) + "V" + xy(top) + "M" + xy(middle) + " " +
                   xy(y(box.lower_quartile)) + "V" + xy(y(box.low_whisker)),
               "thin l" + kind);
    panel.rectangle(middle - width / 2, top, width, std::max(0.6, y(box.lower_quartile) - top),
                    "box s" + kind + " l" + kind);
    panel.line(middle - width / 2, y(box.median), middle + width / 2, y(box.median), "curve l" + kind);
    const double reach = std::min(2.0, width / 5);
    for (const double value : {box.least, box.most}) {
        if (value < box.low_whisker || value > box.high_whisker) {
            panel.path(mark(0, middle, y(value), reach), "s" + kind);
        }
    }
}

Panel box_panel(const Report& report, Index feature, const Side& side, const Extent& extent) {
    const std::string name = at(report.features, feature);
    const double slot = (half_width - 54.0) / static_cast<double>(report.sites.size());
    const Labels labels = labels_for(report, slot);
    const Frame frame{.left = 50, .right = half_width - 4, .top = 28, .bottom = 218};
    Panel panel(name + " by site, " + side.word,
                "A box from the lower to the upper quartile with the median as line for each site; the figures stand in the "
                "table below.",
                half_width, frame.bottom + labels.room);
    panel.text(0, 14, fitted(name, 13, half_width - 70), 0, "name");
    panel.text(half_width - 4, 14, side.word, 2);
    const Scale y{.low = extent.low(), .high = extent.high(), .start = frame.bottom, .stop = frame.top};
    draw_y_axis(panel, frame, y, {});
    const std::vector<Box>& boxes = at(side.state->boxes, feature);
    for (std::size_t s = 0; s < std::min(boxes.size(), report.sites.size()); ++s) {
        const double middle = frame.left + slot * (static_cast<double>(s) + 0.5);
        draw_box(panel, boxes[s], y, middle, std::min(30.0, 0.62 * slot), s);
        const std::string words = fitted(report.sites[s].name, labels.size, labels.angle == 0.0 ? slot : labels.room - 10.0);
        const std::string_view style = labels.size < 12.0 ? "small strong" : "strong";
        if (labels.angle == 0.0) {
            panel.text(middle, frame.bottom + 16, words, 1, style);
        } else {
            panel.turned(middle + labels.size / 3, frame.bottom + 8, labels.angle, words, 2, style);
        }
    }
    panel.line(frame.left, frame.bottom, frame.right, frame.bottom, "axis");
    return panel;
}

}  // namespace

Plot box_plot(const Report& report) {
    Plot plot{.name = "boxes",
              .title = "The worst features and typical ones",
              .caption = {},
              .keys = {},
              .columns = 2,
              .panels = {}};
    if (report.before.boxes.empty() || report.after.boxes.empty() || report.sites.empty()) {
        return plot;
    }
    const std::vector<Index> features = boxed_features(report);
    for (const Index feature : features) {
        Extent extent;
        for (const Side& side : sides(report)) {
            for (const Box& box : at(side.state->boxes, feature)) {
                if (box.n > 0) {
                    extent.add(box.least);
                    extent.add(box.most);
                }
            }
        }
        for (const Side& side : sides(report)) {
            plot.panels.push_back(box_panel(report, feature, side, extent.padded()));
        }
    }
    plot.caption = features.size() < report.features.size()
                       ? "The features with the largest site effect before, then two from the middle of the ranking. "
                         "Before and after share an axis. Whiskers reach to the furthest value within 1.5 interquartile "
                         "ranges; dots are the extremes beyond."
                       : "Before and after share an axis. Whiskers reach to the furthest value within 1.5 interquartile "
                         "ranges; dots are the extremes beyond.";
    return plot;
}

}  // namespace tare::report::detail
