// How matrices of single slices and directions become one value of a feature: by averaging values or merging matrices.
// Slices are the planes of the first two axes of the image as it is stored.
#pragma once

#include <span>
#include <string_view>

namespace tare::imaging::texture {

enum class Aggregation {
    slices_average,      ///< per slice and direction; values averaged
    slices_merged,       ///< per slice, directions merged; values averaged
    directions_average,  ///< per direction, slices merged; values averaged ("2.5D, direction-merged")
    directions_merged,   ///< slices and directions merged
    volume_average,      ///< per direction in space; values averaged
    volume_merged,       ///< directions in space merged
};

/// The part of an aggregation that families without directions know.
enum class Extent {
    slices,         ///< per slice; values averaged
    slices_merged,  ///< per slice; matrices merged
    volume,
};

struct NamedAggregation {
    Aggregation aggregation;
    Extent extent;
    std::string_view option;         ///< as in --aggregation
    std::string_view suffix, tag;    ///< of features by direction: names, and tags of the reference values
    std::string_view extent_suffix;  ///< of features without directions
    std::string_view extent_tag;
};

[[nodiscard]] std::span<const NamedAggregation> aggregations();

}  // namespace tare::imaging::texture
