// The fixed parts of the page, and the compact data that its script draws features from.
#pragma once

#include <string>
#include <string_view>

#include "tare/report/facts.hpp"

namespace tare::report::detail {

[[nodiscard]] std::string page_style();
[[nodiscard]] std::string_view page_script();

/// JSON for inside a <script> element: names of sites, and every feature's boxes at 4096 levels between its extremes, in the
/// order of the ranking, at most `most` features.
[[nodiscard]] std::string box_data(const Report& report, std::size_t most);

}  // namespace tare::report::detail
