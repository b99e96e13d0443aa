// Axes: a scale from values to units, round tick marks, and the frame of a panel with its labels.
#pragma once

#include <string>
#include <vector>

#include "svg.hpp"

namespace tare::report::detail {

/// The values that a plot must show; values that are not finite do not count.
class Extent {
public:
    void add(double value);
    [[nodiscard]] bool empty() const noexcept { return low_ > high_; }
    [[nodiscard]] double low() const noexcept { return low_; }
    [[nodiscard]] double high() const noexcept { return high_; }
    /// A little wider on both sides; never of no width.
    [[nodiscard]] Extent padded(double share = 0.04) const;

private:
    double low_ = 1.0;
    double high_ = 0.0;
};

/// Values from `low` to `high` lie from `start` to `stop`, straight or by their logarithms.
struct Scale {
    double low = 0.0, high = 1.0, start = 0.0, stop = 1.0;
    bool logarithmic = false;
    [[nodiscard]] double operator()(double value) const;
};

/// Round values inside the range, about `count` of them.
[[nodiscard]] std::vector<double> ticks(double low, double high, int count);
/// 1, 2, 5, 10, 20, ... inside the range.
[[nodiscard]] std::vector<double> logarithmic_ticks(double low, double high);
/// A tick with as many decimals as its step needs.
[[nodiscard]] std::string tick_text(double value, double step);

/// Where the data of a panel lie.
struct Frame {
    double left = 46.0, right = 0.0, top = 26.0, bottom = 0.0;
};

/// Gridlines and numbers for y at the left; the name of the axis stands above, so that it need not be turned.
void draw_y_axis(Panel& panel, const Frame& frame, const Scale& y, const std::string& name);
/// Numbers for x below; the name of the axis ends at the right.
void draw_x_axis(Panel& panel, const Frame& frame, const Scale& x, const std::string& name);

}  // namespace tare::report::detail
