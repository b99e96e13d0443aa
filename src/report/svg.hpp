// Drawing: panels of SVG text, and how several of them become one plot, inline in the page or as a file of its own.
// Colours are classes: the page and the file bring their own style for them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tare::report::detail {

/// Text for between tags or inside an attribute: `&`, `<`, `>` and quotes escaped, other control characters as spaces.
[[nodiscard]] std::string escaped(std::string_view text);

/// A coordinate: at most one decimal.
[[nodiscard]] std::string xy(double value);

/// The width of a text of `size` units, near enough for laying out.
[[nodiscard]] double text_width(std::string_view text, double size);

/// The text cut with an ellipsis so that it fits.
[[nodiscard]] std::string fitted(const std::string& text, double size, double width);

/// A mark that stands for a site: one of eight shapes.
[[nodiscard]] std::string mark(int shape, double x, double y, double radius);

/// How sites are told apart: a colour and a shape, the eight repeating.
inline constexpr int kinds = 8;

/// A drawing with its own coordinates, from its upper left corner.
class Panel {
public:
    Panel(std::string title, std::string description, double width, double height)
        : title_(std::move(title)), description_(std::move(description)), width_(width), height_(height) {}

    [[nodiscard]] double width() const noexcept { return width_; }
    [[nodiscard]] double height() const noexcept { return height_; }
    [[nodiscard]] const std::string& title() const noexcept { return title_; }
    [[nodiscard]] const std::string& description() const noexcept { return description_; }
    [[nodiscard]] const std::string& body() const noexcept { return body_; }

    void line(double x1, double y1, double x2, double y2, std::string_view classes);
    void rectangle(double x, double y, double width, double height, std::string_view classes, std::string_view more = {});
    void path(std::string_view data, std::string_view classes, std::string_view more = {});
    /// Text that begins (0), centres (1) or ends (2) at x.
    void text(double x, double y, std::string_view words, int anchor = 0, std::string_view classes = {});
    /// Text turned about its anchor point.
    void turned(double x, double y, double angle, std::string_view words, int anchor, std::string_view classes = {});
    /// Another SVG element as it stands.
    void raw(std::string_view element) { body_ += element; }

private:
    std::string title_, description_;
    double width_, height_;
    std::string body_;
};

/// An entry of a legend: the drawing is SVG in a box of 14 × 14 units.
struct Key {
    std::string drawing, label;
};

[[nodiscard]] Key site_key(std::size_t site, const std::string& name);
[[nodiscard]] Key colour_key(std::string_view classes, const std::string& label, std::string_view more = {});

struct Plot {
    std::string name, title;
    std::string caption;  ///< what is seen, plain text
    std::vector<Key> keys;
    std::size_t columns = 2;
    std::vector<Panel> panels;
};

/// A panel as an <svg> element in a page; `id` must be the page's only one.
[[nodiscard]] std::string inline_svg(const Panel& panel, const std::string& id);

/// The whole plot as an SVG document.
[[nodiscard]] std::string document(const Plot& plot);

/// The rules for the classes: as `:root` variables with a dark variant, and the classes themselves.
[[nodiscard]] std::string colour_variables();
[[nodiscard]] std::string plot_classes();
/// The classes with the light colours written out, for renderers that know no variables.
[[nodiscard]] std::string fixed_plot_classes();

}  // namespace tare::report::detail
