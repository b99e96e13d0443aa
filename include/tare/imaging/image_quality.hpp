// Quality of a structural image as MRIQC measures it (O. Esteban et al. 2017, PLoS ONE 12:e0184661; the formulas as its code
// has them): noise, contrast, sharpness and the intensities of each tissue. Nothing is drawn at random.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tare/data/volume.hpp"

namespace tare::imaging {

enum class Tissue : unsigned char { none, csf, gm, wm };

/// Which labels of a segmentation are which tissue; sorted.
struct TissueLabels {
    std::vector<std::int32_t> csf, gm, wm;
};

/// Labels 1, 2 and 3, as FSL FAST numbers the classes of a T1-weighted image.
[[nodiscard]] TissueLabels fast_tissues();
/// Those of FreeSurfer's aseg, aparc+aseg and wmparc: ventricles and outer CSF; cortex, cerebellar cortex and deep grey
/// matter; cerebral and cerebellar white matter with the corpus callosum and hypointensities.
[[nodiscard]] TissueLabels freesurfer_tissues();

/// The tissue of every voxel.
[[nodiscard]] std::vector<Tissue> tissues_of(const data::Segmentation& segmentation, const TissueLabels& labels);

/// What lies where in an image.
struct HeadParts {
    std::vector<unsigned char> head;            ///< 1 within the head; what is not is air
    std::optional<std::vector<Tissue>> tissue;  ///< where there is a segmentation
    bool erode = false;  ///< statistics of tissues and air leave out voxels at their border, by faces and edges
};

/// MRIQC erodes where every edge of a voxel is shorter than 1.9 mm.
[[nodiscard]] bool erodes_by_default(const data::Grid& grid) noexcept;

/// The names of all measures as MRIQC writes them, in order: cjv, cnr, efc, fber, icvs_csf, ..., summary_wm_stdv, wm2max.
[[nodiscard]] const std::vector<std::string>& quality_names();

struct ImageQuality {
    std::vector<double> values;        ///< one for each name; not a number where it is not defined
    std::vector<std::string> remarks;  ///< why some are not, in words
    std::size_t not_finite = 0;        ///< values of the image that were left out
};

/// Values below 0 count as 0, as in MRIQC; those that are not finite are left out. The volume must be three-dimensional,
/// and the parts must have a place for every voxel. Throws Error (65) where no value is finite.
[[nodiscard]] ImageQuality image_quality(const data::Volume& volume, const HeadParts& parts);

}  // namespace tare::imaging
