// The names of a family's features beside the members that hold them, so that neither can slip against the other.
// Definitions: Zwanenburg et al., "The Image Biomarker Standardisation Initiative", Radiology 295:328 (2020), and its
// reference manual (arXiv:1612.07003).
#pragma once

#include <cmath>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace tare::imaging::texture {

/// What a feature is where its definition gives no number.
inline constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

template <typename Values>
struct Named {
    std::string_view name;  ///< as in tables, without the family
    std::string_view tag;   ///< as in the initiative's tables of reference values
    std::string_view code;  ///< the four letters that identify the definition in the reference manual
    double Values::* value = nullptr;
};

/// The mean of every feature over those of `several` where it is defined; not a number where it is in none.
template <typename Values>
[[nodiscard]] Values average(const std::vector<Values>& several, std::span<const Named<Values>> features) {
    Values mean;
    for (const Named<Values>& feature : features) {
        double sum = 0.0;
        double count = 0.0;
        for (const Values& one : several) {
            if (std::isnan(one.*feature.value)) continue;
            sum += one.*feature.value;
            count += 1.0;
        }
        mean.*feature.value = count > 0.0 ? sum / count : undefined;
    }
    return mean;
}

}  // namespace tare::imaging::texture
