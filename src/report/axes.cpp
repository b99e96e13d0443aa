// Scales, ticks and frames.
#include "axes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace tare::report::detail {

void Extent::add(double value) {
    if (!std::isfinite(value)) {
        return;
    }
    const bool first = empty();
    low_ = first ? value : std::min(low_, value);
    high_ = first ? value : std::max(high_, value);
}

Extent Extent::padded(double share) const {
    if (empty()) {
        Extent unit;
        unit.add(0.0);
        unit.add(1.0);
        return unit.padded(share);
    }
    Extent out = *this;
    const double middle = low_ / 2.0 + high_ / 2.0;
    const double least = middle == 0.0 ? 1.0 : std::abs(middle) * 1e-6;
    if (high_ - low_ < least) {
        // A single value stands in the middle.
        out.low_ = middle - least / 2.0;
        out.high_ = middle + least / 2.0;
    }
    const double width = out.high_ - out.low_;
    out.low_ -= share * width;
    out.high_ += share * width;
    return out;
}

double Scale::operator()(double value) const {
    const double share =
        logarithmic ? (std::log(value) - std::log(low)) / (std::log(high) - std::log(low)) : (value - low) / (high - low);
    return start + std::clamp(share, -1.0, 2.0) * (stop - start);
}

namespace {

double round_step(double low, double high, int count) {
    const double raw = (high - low) / std::max(1, count);
    if (!(raw > 0.0) || !std::isfinite(raw)) {
        return 1.0;
    }
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (raw <= factor * power * 1.0001) {
            return factor * power;
        }
    }
    return 10.0 * power;
}

}  // namespace

std::vector<double> ticks(double low, double high, int count) {
    std::vector<double> out;
    const double step = round_step(low, high, count);
    const double first = std::ceil(low / step - 1e-9);
    for (int i = 0; i <= 4 * count; ++i) {
        const double value = (first + i) * step;
        if (value > high + 1e-9 * step) {
            break;
        }
        out.push_back(value);
    }
    return out;
}

std::vector<double> logarithmic_ticks(double low, double high) {
    std::vector<double> out;
    for (double power = std::pow(10.0, std::floor(std::log10(low))); power <= high && out.size() < 40; power *= 10.0) {
        for (const double factor : {1.0, 2.0, 5.0}) {
            if (factor * power >= low && factor * power <= high) {
                out.push_back(factor * power);
            }
        }
    }
    return out;
}

std::string tick_text(double value, double step) {
    const bool scientific = step < 1e-6 || std::abs(value) >= 1e7;
    const int decimals =
        step > 0.0 && std::isfinite(step) ? std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9))) : 0;
    std::array<char, 64> buffer;
    const double clean = std::abs(value) < step * 1e-6 ? 0.0 : value;
    const auto [end, error] =
        scientific ? std::to_chars(buffer.data(), buffer.data() + buffer.size(), clean, std::chars_format::general, 4)
                   : std::to_chars(buffer.data(), buffer.data() + buffer.size(), clean, std::chars_format::fixed,
                                   std::min(decimals, 9));
    static_cast<void>(error);  // 64 characters hold both forms
    std::string text(buffer.data(), end);
    return text.starts_with('-') ? "−" + text.substr(1) : text;
}

namespace {

double step_of(const std::vector<double>& at) {
    return at.size() > 1 ? at[1] - at[0] : (at.empty() || at[0] == 0.0 ? 1.0 : std::abs(at[0]));
}

}  // namespace

void draw_y_axis(Panel& panel, const Frame& frame, const Scale& y, const std::string& name) {
    const std::vector<double> at = ticks(y.low, y.high, 7);
    for (const double value : at) {
        const double height = y(value);
        panel.line(frame.left, height, frame.right, height, "grid");
        panel.text(frame.left - 6, height + 4, tick_text(value, step_of(at)), 2);
    }
    if (!name.empty()) {
        panel.text(frame.left, frame.top - 8, fitted(name, 12, frame.right - frame.left));
    }
}

void draw_x_axis(Panel& panel, const Frame& frame, const Scale& x, const std::string& name) {
    panel.line(frame.left, frame.bottom, frame.right, frame.bottom, "axis");
    const std::vector<double> at = x.logarithmic ? logarithmic_ticks(x.low, x.high) : ticks(x.low, x.high, 6);
    double free_from = -1e9;
    for (const double value : at) {
        const std::string words = tick_text(value, x.logarithmic ? value : step_of(at));
        const double half = text_width(words, 12) / 2;
        panel.line(x(value), frame.bottom, x(value), frame.bottom + 4, "axis");
        if (x(value) - half > free_from + 4) {
            panel.text(x(value), frame.bottom + 17, words, 1);
            free_from = x(value) + half;
        }
    }
    if (!name.empty()) {
        panel.text(frame.right, frame.bottom + 33, fitted(name, 12, frame.right - frame.left), 2);
    }
}

}  // namespace tare::report::detail
