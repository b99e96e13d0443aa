// How a report writes numbers. Page, text and verdict all use these, so that a figure reads the same wherever it stands.
#pragma once

#include <string>

namespace tare::report {

/// Three significant digits ("0.0312", "12.5", "1.20e-8"), whole numbers and thousands without decimals; "n/a" for what is
/// not a number.
[[nodiscard]] std::string shown(double value);

/// A share as per cent with one decimal: "12.5 %".
[[nodiscard]] std::string shown_share(double share);

/// "0.0312", and "< 1e-300" where the probability is too small for a double.
[[nodiscard]] std::string shown_p(double p);

/// An interval or a range: "0.1 to 0.25".
[[nodiscard]] std::string shown_range(double low, double high);

}  // namespace tare::report
