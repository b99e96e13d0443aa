// Site-effect maps on the mean image: three planes each, one colour bar for all.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "plots.hpp"
#include "png.hpp"
#include "tare/report/shown.hpp"

namespace tare::report::detail {

namespace {

using Colour = std::array<double, 3>;
constexpr Colour negative{31, 111, 180};
constexpr Colour positive{232, 120, 30};

/// Grey where there is no effect; where there is one, the more colour the stronger it is.
std::uint32_t blended(float grey, float effect, double largest) {
    const double ground = std::clamp(static_cast<double>(std::isfinite(grey) ? grey : 0.0F), 0.0, 1.0) * 255.0;
    const double strength = largest > 0.0 && std::isfinite(effect) ? std::min(1.0, std::abs(effect) / largest) : 0.0;
    const Colour& colour = effect < 0.0F ? negative : positive;
    std::uint32_t pixel = 0;
    for (const double channel : colour) {
        const double value = ground + (channel - ground) * 0.92 * std::sqrt(strength);
        pixel = (pixel << 8U) | static_cast<std::uint32_t>(std::lround(std::clamp(value, 0.0, 255.0)));
    }
    return pixel;
}

/// "#1f6fb4"
std::string colour_text(std::uint32_t pixel) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "#";
    for (int shift = 20; shift >= 0; shift -= 4) {
        out += digits[(pixel >> static_cast<unsigned>(shift)) & 15U];
    }
    return out;
}

bool is_whole(const Montage::Plane& plane) {
    const auto count = static_cast<std::size_t>(std::max<Index>(0, plane.width * plane.height));
    return plane.width > 0 && plane.height > 0 && plane.pixel_width > 0.0 && plane.pixel_height > 0.0 &&
           plane.grey.size() == count && plane.effect.size() == count;
}

constexpr double panel_width = 306.0;

/// Units of the drawing for a millimetre, so that the widest plane fills its panel.
double scale_of(const Montage& montage) {
    double widest = 0.0;
    for (const Montage::Plane& plane : montage.planes) {
        widest = std::max(widest, plane.pixel_width * static_cast<double>(plane.width));
    }
    return panel_width / widest;
}

Panel plane_panel(const Montage& montage, const Montage::Plane& plane, const std::string& name, double largest) {
    const double scale = scale_of(montage);
    const double wide = scale * plane.pixel_width * static_cast<double>(plane.width);
    const double high = scale * plane.pixel_height * static_cast<double>(plane.height);
    Panel panel(montage.title + ", " + name, "The mean image in grey, the effect in colour: orange above, blue below zero.",
                panel_width, high + 22);
    panel.text(0, 14, fitted(montage.title + ", " + name, 12, panel_width), 0, "strong");
    std::vector<std::uint32_t> pixels(plane.grey.size());
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        pixels[i] = blended(plane.grey[i], plane.effect[i], largest);
    }
    const std::string data = base64(png_of_pixels(static_cast<int>(plane.width), static_cast<int>(plane.height), pixels));
    panel.raw("<image x=\"0\" y=\"22\" width=\"" + xy(wide) + "\" height=\"" + xy(high) +
              "\" preserveAspectRatio=\"none\" xlink:href=\"data:image/png;base64," + data + "\"/>");
    return panel;
}

}  // namespace

Plot montage_plot(const Report& report) {
    Plot plot{.name = "maps", .title = "Site-effect maps", .caption = {}, .keys = {}, .columns = 3, .panels = {}};
    double largest = 0.0;
    for (const Montage& montage : report.montages) {
        largest = std::max(largest, montage.largest);
    }
    static const std::array<std::string, 3> names{"axial", "coronal", "sagittal"};
    for (const Montage& montage : report.montages) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (is_whole(montage.planes[i])) {
                plot.panels.push_back(plane_panel(montage, montage.planes[i], names[i], largest));
            }
        }
    }
    for (const double share : {-1.0, -0.5, 0.0, 0.5, 1.0}) {
        plot.keys.push_back({"<rect x=\"1\" y=\"1\" width=\"12\" height=\"12\" fill=\"" +
                                 colour_text(blended(0.5F, static_cast<float>(share), 1.0)) + "\"/>",
                             shown(share * largest)});
    }
    plot.caption =
        "Three planes through the middle of the mean image, left at the left. The colours, here on a middle grey, are the "
        "same "
        "for all: effects in standard deviations.";
    return plot;
}

}  // namespace tare::report::detail
