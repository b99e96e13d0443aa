// All families of texture features of a region in one list, named as in tables.
#pragma once

#include <string>

#include "tare/imaging/texture/aggregation.hpp"
#include "tare/imaging/texture/region.hpp"

namespace tare::imaging::texture {

enum class Family {
    morphology,
    autocorrelation,
    local,
    intensity,
    histogram,
    ivh,
    glcm,
    glrlm,
    glszm,
    gldzm,
    ngtdm,
    ngldm,
};

struct NamedFamily {
    Family family;
    std::string_view name;
};

/// In the order in which their features stand.
[[nodiscard]] std::span<const NamedFamily> families();

struct TextureOptions {
    std::vector<Family> families;
    std::vector<Aggregation> aggregations{Aggregation::volume_average};
    Discretisation discretisation;
    IntensityRange range;  ///< the one that the region was cut with
};

struct Feature {
    std::string name;  ///< family, feature, unit and aggregation: "glcm_contrast_3d_average"
    std::string tag;   ///< as in the tables of reference values: "cm_contrast_3D_avg"
    std::string_view code;
    double value;
};

/// The features that these options ask for, none of them measured: for the heading of a table.
[[nodiscard]] std::vector<Feature> texture_features(const TextureOptions& options);

/// Those of a region of an image, in the same order; not a number where a feature is undefined. Throws Error (65) as
/// discretise.
[[nodiscard]] std::vector<Feature> texture_features(const data::Volume& image, const Region& region,
                                                    const TextureOptions& options);

/// Bins of the intensity-volume histogram where intensities are put into a fixed number of bins.
inline constexpr double volume_histogram_bins = 1000.0;

}  // namespace tare::imaging::texture
