// A report as one HTML page, as Markdown, and as single figures.
// Equal reports give equal bytes; all text that came from files is escaped; nothing on the page asks the network.
#pragma once

#include <string>
#include <vector>

#include "tare/report/facts.hpp"

namespace tare::report {

/// One plot as a file of its own: a whole SVG document (UTF-8) in the colours for paper.
struct Figure {
    std::string name;  ///< fit for a file name: "boxes", "variance-shares"
    std::string svg;
};

/// The report as one self-contained HTML page.
[[nodiscard]] std::string page(const Report& report);

/// The same figures as Markdown with tables.
[[nodiscard]] std::string markdown(const Report& report);

/// The plots that this report has, in the page's order; plots without anything to show are left out.
[[nodiscard]] std::vector<Figure> figures(const Report& report);

/// The bytes of a PNG of an SVG document, `scale` pixels to its unit. Throws Error (data) where it is no SVG that can be
/// drawn, Error (memory) where the picture is too large.
[[nodiscard]] std::string png(const std::string& svg, double scale);

}  // namespace tare::report
