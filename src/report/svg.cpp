// Panels, marks and documents of SVG text.
#include "svg.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace tare::report::detail {

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        }
    }
    return out;
}

std::string xy(double value) {
    const double rounded = std::round(value * 10.0) / 10.0;
    std::array<char, 32> buffer;
    const double safe = std::isfinite(rounded) ? std::clamp(rounded, -1e6, 1e6) + 0.0 : 0.0;
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), safe, std::chars_format::fixed, 1);
    static_cast<void>(error);  // a clamped number always fits
    std::string text(buffer.data(), end);
    if (text.ends_with(".0")) {
        text.resize(text.size() - 2);
    }
    return text == "-0" ? "0" : text;
}

namespace {

bool begins_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

/// Ems of the character that begins here: the wide scripts take a whole one.
double ems(std::string_view text, std::size_t at) {
    const auto first = static_cast<unsigned char>(text[at]);
    if (first >= 0xE3U) {
        return 1.0;
    }
    constexpr std::string_view narrow = " .,:;|!'()[]ijlt-";
    if (first < 0x80U && narrow.find(text[at]) != std::string_view::npos) {
        return 0.34;
    }
    return (first >= 'A' && first <= 'Z') || first == 'm' || first == 'w' || first == '%' ? 0.72 : 0.57;
}

std::string_view anchored(int anchor) {
    static constexpr std::array<std::string_view, 3> names{"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
    return names[static_cast<std::size_t>(anchor)];
}

std::string class_attribute(std::string_view classes) {
    return classes.empty() ? std::string() : " class=\"" + std::string(classes) + "\"";
}

std::string polygon(std::initializer_list<std::array<double, 2>> points, double x, double y, double radius) {
    std::string out = "M";
    for (const auto& point : points) {
        out += (out.size() > 1 ? "L" : "") + xy(x + radius * point[0]) + " " + xy(y + radius * point[1]);
    }
    return out + "Z";
}

}  // namespace

double text_width(std::string_view text, double size) {
    double sum = 0.0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        sum += begins_character(text[i]) ? ems(text, i) : 0.0;
    }
    return sum * size;
}

std::string fitted(const std::string& text, double size, double width) {
    if (text_width(text, size) <= width) {
        return text;
    }
    double sum = size;  // for the ellipsis
    std::size_t i = 0;
    for (; i < text.size(); ++i) {
        sum += begins_character(text[i]) ? ems(text, i) * size : 0.0;
        if (sum > width) {
            break;
        }
    }
    return text.substr(0, i) + "…";
}

std::string mark(int shape, double x, double y, double r) {
    switch (shape % kinds) {
        case 0: {
            const std::string radius = xy(r);
            return "M" + xy(x - r) + " " + xy(y) + "a" + radius + " " + radius + " 0 1 0 " + xy(2 * r) + " 0a" + radius +
                   " " + radius + " 0 1 0 -" + xy(2 * r) + " 0Z";
        }
        case 1:
            return polygon({{0.0, -1.2}, {1.1, 0.8}, {-1.1, 0.8}}, x, y, r);
        case 2:
            return polygon({{-0.9, -0.9}, {0.9, -0.9}, {0.9, 0.9}, {-0.9, 0.9}}, x, y, r);
        case 3:
            return polygon({{0.0, -1.3}, {1.1, 0.0}, {0.0, 1.3}, {-1.1, 0.0}}, x, y, r);
        case 4:
            return polygon({{0.0, 1.2}, {1.1, -0.8}, {-1.1, -0.8}}, x, y, r);
        case 5:
            return polygon({{-0.4, -1.2},
                            {0.4, -1.2},
                            {0.4, -0.4},
                            {1.2, -0.4},
                            {1.2, 0.4},
                            {0.4, 0.4},
                            {0.4, 1.2},
                            {-0.4, 1.2},
                            {-0.4, 0.4},
                            {-1.2, 0.4},
                            {-1.2, -0.4},
                            {-0.4, -0.4}},
                           x, y, r);
        case 6:
            return polygon({{-1.2, -0.5}, {1.2, -0.5}, {1.2, 0.5}, {-1.2, 0.5}}, x, y, r);
        default:
            return polygon({{-0.5, -1.2}, {0.5, -1.2}, {0.5, 1.2}, {-0.5, 1.2}}, x, y, r);
    }
}

void Panel::line(double x1, double y1, double x2, double y2, std::string_view classes) {
    path("M" + xy(x1) + " " + xy(y1) + "L" + xy(x2) + " " + xy(y2), classes);
}

void Panel::rectangle(double x, double y, double width, double height, std::string_view classes, std::string_view more) {
    body_ += "<rect x=\"" + xy(x) + "\" y=\"" + xy(y) + "\" width=\"" + xy(std::max(0.0, width)) + "\" height=\"" +
             xy(std::max(0.0, height)) + "\"" + class_attribute(classes) + std::string(more) + "/>";
}

void Panel::path(std::string_view data, std::string_view classes, std::string_view more) {
    if (!data.empty()) {
        body_ += "<path d=\"" + std::string(data) + "\"" + class_attribute(classes) + std::string(more) + "/>";
    }
}

void Panel::text(double x, double y, std::string_view words, int anchor, std::string_view classes) {
    body_ += "<text x=\"" + xy(x) + "\" y=\"" + xy(y) + "\"" + std::string(anchored(anchor)) + class_attribute(classes) +
             ">" + escaped(words) + "</text>";
}

void Panel::turned(double x, double y, double angle, std::string_view words, int anchor, std::string_view classes) {
    body_ += "<text transform=\"translate(" + xy(x) + " " + xy(y) + ") rotate(" + xy(angle) + ")\"" +
             std::string(anchored(anchor)) + class_attribute(classes) + ">" + escaped(words) + "</text>";
}

Key site_key(std::size_t site, const std::string& name) {
    const auto kind = static_cast<int>(site % static_cast<std::size_t>(kinds));
    return {"<path d=\"" + mark(kind, 7, 7, 4.5) + "\" class=\"s" + std::to_string(kind) + "\"/>", name};
}

Key colour_key(std::string_view classes, const std::string& label, std::string_view more) {
    return {
        "<rect x=\"1\" y=\"1\" width=\"12\" height=\"12\" class=\"" + std::string(classes) + "\"" + std::string(more) + "/>",
        label};
}

std::string inline_svg(const Panel& panel, const std::string& id) {
    return "<svg role=\"img\" aria-labelledby=\"" + id + "t " + id + "d\" viewBox=\"0 0 " + xy(panel.width()) + " " +
           xy(panel.height()) + "\"><title id=\"" + id + "t\">" + escaped(panel.title()) + "</title><desc id=\"" + id +
           "d\">" + escaped(panel.description()) + "</desc>" + panel.body() + "</svg>\n";
}

namespace {

/// The legend, broken into lines; what it takes of the height.
double put_legend(std::string& out, const std::vector<Key>& keys, double top, double width) {
    double x = 0.0;
    double y = top;
    for (const Key& key : keys) {
        const double wide = 20.0 + text_width(key.label, 12.0) + 18.0;
        if (x > 0.0 && x + wide > width) {
            x = 0.0;
            y += 20.0;
        }
        out += "<g transform=\"translate(" + xy(x) + " " + xy(y) + ")\">" + key.drawing + "<text x=\"20\" y=\"11\">" +
               escaped(key.label) + "</text></g>";
        x += wide;
    }
    return keys.empty() ? 0.0 : y + 34.0 - top;
}

}  // namespace

std::string document(const Plot& plot) {
    constexpr double margin = 16.0;
    constexpr double gap = 24.0;
    const std::size_t columns = std::max<std::size_t>(1, std::min(plot.columns, plot.panels.size()));
    double inner = 0.0;
    for (std::size_t i = 0; i < columns && i < plot.panels.size(); ++i) {
        inner += plot.panels[i].width() + (i > 0 ? gap : 0.0);
    }
    std::string body = "<text x=\"0\" y=\"16\" class=\"head\">" + escaped(fitted(plot.title, 16.0, inner)) + "</text>";
    double y = 36.0;
    y += put_legend(body, plot.keys, y, inner);
    for (std::size_t i = 0; i < plot.panels.size(); i += columns) {
        double x = 0.0;
        double height = 0.0;
        for (std::size_t j = i; j < std::min(i + columns, plot.panels.size()); ++j) {
            const Panel& panel = plot.panels[j];
            body += "<g transform=\"translate(" + xy(x) + " " + xy(y) + ")\">" + panel.body() + "</g>\n";
            x += panel.width() + gap;
            height = std::max(height, panel.height());
        }
        y += height + 12.0;
    }
    const std::string wide = xy(inner + 2 * margin);
    const std::string high = xy(y + 2 * margin);
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
           "xmlns:xlink=\"http://www.w3.org/1999/xlink\" role=\"img\" width=\"" +
           wide + "\" height=\"" + high + "\" viewBox=\"0 0 " + wide + " " + high + "\">\n<title>" + escaped(plot.title) +
           "</title><desc>" + escaped(plot.caption) + "</desc>\n<style>" + fixed_plot_classes() +
           "</style>\n<rect width=\"100%\" height=\"100%\" class=\"paper\"/>\n<g transform=\"translate(" + xy(margin) + " " +
           xy(margin) + ")\">" + body + "</g>\n</svg>\n";
}

}  // namespace tare::report::detail
