// Names as users type them: the other spelling of the language, and a guess for the hint of an error message.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tare::cli {

/// The candidate that `name` is: equal to it, or equal once 'z' in "-ize" and "-ization" is read as 's' (normalize,
/// harmonization). Nothing where there is none.
[[nodiscard]] std::optional<std::string> known_spelling(std::string_view name, std::span<const std::string> candidates);

/// "did you mean '--covariates'?" for `name` "covariate" and `prefix` "--": the candidate a few typing errors away, or
/// the only one that begins with `name`. An empty text where there is none.
[[nodiscard]] std::string suggestion(std::string_view name, std::span<const std::string> candidates,
                                     std::string_view prefix = "");

}  // namespace tare::cli
