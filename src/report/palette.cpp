// The colours, light and dark. The eight for sites keep apart for all common kinds of colour blindness (after Okabe and
// Ito), the two for signs are blue and orange, the seven for ages go from light to dark.
#include <array>
#include <string>
#include <string_view>

#include "svg.hpp"

namespace tare::report::detail {

namespace {

struct Colour {
    std::string_view name, light, dark;
};

constexpr std::array palette{
    Colour{"paper", "#ffffff", "#15181c"}, Colour{"ink", "#1d2329", "#e6e8ea"},  Colour{"soft", "#5c6670", "#9aa4ae"},
    Colour{"rule", "#d9dde1", "#343b43"},  Colour{"wash", "#f5f6f8", "#1d2227"}, Colour{"link", "#0b62a4", "#7cb8ee"},
    Colour{"s0", "#0072b2", "#4ba3dd"},    Colour{"s1", "#d55e00", "#f0813a"},   Colour{"s2", "#009e73", "#2cc49a"},
    Colour{"s3", "#b0558c", "#dd8fbd"},    Colour{"s4", "#b98900", "#e8c24a"},   Colour{"s5", "#3f4a54", "#c3ccd4"},
    Colour{"s6", "#35a0d8", "#8ed0f5"},    Colour{"s7", "#8a3b12", "#c98a68"},   Colour{"neg", "#1f6fb4", "#5aa9e6"},
    Colour{"pos", "#c8500a", "#f08a45"},   Colour{"rest", "#e3e6e9", "#2b3138"}, Colour{"q0", "#e0bb3d", "#f4dc7e"},
    Colour{"q1", "#a9b650", "#b9d67d"},    Colour{"q2", "#62a878", "#7cc890"},   Colour{"q3", "#35968c", "#4fb3a1"},
    Colour{"q4", "#2b7a92", "#5aa0c0"},    Colour{"q5", "#335a8c", "#7188d0"},   Colour{"q6", "#3b3a72", "#9a84da"},
};

constexpr std::string_view rules =
    "text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','DejaVu Sans',sans-serif;fill:{soft}}"
    "text.head{font-size:16px;font-weight:600;fill:{ink}}text.name{fill:{ink};font-weight:600;font-size:13px}"
    "text.strong{fill:{ink}}text.small{font-size:10px}text.name11{font-size:11px}text.tag{fill:{ink};font-size:11px;font-"
    "weight:600}"
    ".paper{fill:{paper}}.grid{stroke:{rule};fill:none;stroke-width:1}.axis{stroke:{soft};fill:none;stroke-width:1}"
    ".zero{stroke:{soft};fill:none;stroke-width:1;stroke-dasharray:3 3}"
    ".curve{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}.thin{fill:none;stroke-width:1.2}"
    ".all{stroke:{soft};fill:none;stroke-width:1;stroke-opacity:.55}.fit{stroke:{ink};fill:none;stroke-width:1.6}"
    ".ghost{fill:{soft};fill-opacity:.28}.bar{fill:{soft};fill-opacity:.35}.wash{fill:{wash};stroke:{rule};stroke-width:.6}."
    "rest{fill:{rest}}.shared{fill:{paper};stroke:{soft};stroke-width:.8}"
    ".dot{fill:{ink}}.open{fill:{paper};stroke:{ink};stroke-width:1.4}.link{stroke:{rule};stroke-width:3;fill:none}"
    ".neg{fill:{neg}}.pos{fill:{pos}}.cells{shape-rendering:crispEdges}.frame{fill:none;stroke:{rule}}"
    "text.num{fill:{paper};font-size:10px;font-weight:700}.box{fill-opacity:.28;stroke-width:1.2}.lift{stroke:{paper};"
    "stroke-width:1}";

std::string with_colours(std::string_view text, bool variables) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t open = text.find('{', at);
        if (open == std::string_view::npos) {
            out += text.substr(at);
            break;
        }
        out += text.substr(at, open - at);
        at = open;
        bool replaced = false;
        for (const Colour& colour : palette) {
            const std::string token = "{" + std::string(colour.name) + "}";
            if (text.substr(open).starts_with(token)) {
                out += variables ? "var(--" + std::string(colour.name) + ")" : std::string(colour.light);
                at += token.size();
                replaced = true;
                break;
            }
        }
        if (!replaced) {
            out += text[at++];
        }
    }
    return out;
}

std::string classes(bool variables) {
    std::string all(rules);
    for (int i = 0; i < kinds; ++i) {
        const std::string name = "s" + std::to_string(i);
        all += "." + name + "{fill:{" + name + "}}.l" + std::to_string(i) + "{stroke:{" + name + "}}";
    }
    for (int i = 0; i < 7; ++i) {
        const std::string name = "q" + std::to_string(i);
        all += "." + name + "{fill:{" + name + "}}";
    }
    return with_colours(all, variables);
}

std::string declared(bool dark) {
    std::string out;
    for (const Colour& colour : palette) {
        out += "--" + std::string(colour.name) + ":" + std::string(dark ? colour.dark : colour.light) + ";";
    }
    return out;
}

}  // namespace

std::string colour_variables() {
    return ":root{color-scheme:light dark;" + declared(false) + "}\n@media screen and (prefers-color-scheme:dark){:root{" +
           declared(true) + "}}\n";
}

std::string plot_classes() {
    return classes(true);
}

std::string fixed_plot_classes() {
    return classes(false);
}

}  // namespace tare::report::detail
