// Boxes of all features in few bytes: two letters for each value between the feature's least and largest.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "axes.hpp"
#include "page_parts.hpp"
#include "plots.hpp"

namespace tare::report::detail {

namespace {

constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string six_digits(double value) {
    std::array<char, 32> buffer;
    const auto [end, error] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::general, 7);
    static_cast<void>(error);  // seven digits always fit
    return {buffer.data(), end};
}

/// A JSON string that also cannot end the element around it.
std::string quoted(std::string_view text) {
    static constexpr std::string_view hex = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20U || c == '<' || c == '>' || c == '&') {
            out += "\\u00";
            out += hex[byte >> 4U];
            out += hex[byte & 15U];
        } else {
            out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
        }
    }
    return out + "\"";
}

void append_box(std::string& out, const Box& box, double low, double step) {
    for (const double value :
         {box.least, box.low_whisker, box.lower_quartile, box.median, box.upper_quartile, box.high_whisker, box.most}) {
        if (box.n == 0 || !std::isfinite(value)) {
            out += "--";
            continue;
        }
        const auto level = static_cast<std::size_t>(std::clamp(std::round((value - low) / step), 0.0, 4095.0));
        out += letters[level >> 6U];
        out += letters[level & 63U];
    }
}

}  // namespace

std::string box_data(const Report& report, std::size_t most) {
    std::string sites;
    for (const Site& site : report.sites) {
        sites += (sites.empty() ? "" : ",") + quoted(site.name);
    }
    std::string lows;
    std::string steps;
    std::array<std::string, 2> boxes;
    for (const Index f : worst(report, most)) {
        Extent extent;
        for (const Side& side : sides(report)) {
            for (const Box& box : at(side.state->boxes, f)) {
                if (box.n > 0) {
                    extent.add(box.least);
                    extent.add(box.most);
                }
            }
        }
        const Extent whole = extent.padded(0.0);
        const double step = (whole.high() - whole.low()) / 4095.0;
        lows += (lows.empty() ? "" : ",") + six_digits(whole.low());
        steps += (steps.empty() ? "" : ",") + six_digits(step);
        for (std::size_t i = 0; i < 2; ++i) {
            for (const Box& box : at((i == 0 ? report.before : report.after).boxes, f)) {
                append_box(boxes[i], box, whole.low(), step);
            }
        }
    }
    return "{\"sites\":[" + sites + "],\"low\":[" + lows + "],\"step\":[" + steps + "],\"before\":\"" + boxes[0] +
           "\",\"after\":\"" + boxes[1] + "\"}";
}

}  // namespace tare::report::detail
