// FreeSurfer's statistics of one subject: aseg.stats and wmparc.stats (mri_segstats), lh.aparc.stats and the like
// (mris_anatomical_stats).
#pragma once

#include <string>
#include <vector>

#include "tare/base/resources.hpp"
#include "tare/io/input_file.hpp"

namespace tare::io {

struct FreesurferStats {
    /// A line "# Measure BrainSeg, BrainSegVol, Brain Segmentation Volume, 1227317.0, mm^3".
    struct Global {
        std::string name;  ///< the second field: "BrainSegVol", "eTIV", "MeanThickness"
        double value = 0.0;
        std::string unit;  ///< "mm^3", "unitless"
    };
    struct Region {
        std::string name;
        std::vector<double> values;  ///< as `columns`; not a number where the file says nan
    };

    std::string hemisphere;  ///< "lh", "rh"; empty for the whole brain
    std::vector<Global> globals;
    std::vector<std::string> columns;  ///< of numbers: "NumVert", "SurfArea", …
    std::vector<std::string> units;    ///< of the columns: "mm^2"; empty where the file tells none
    std::vector<Region> regions;
    InputFile file;
};

/// Throws Error: 66; 65 with FILE:LINE for a line with more or fewer cells than the header names, a cell that is no number,
/// a region twice, no header or no region, and for a file that ends early: within a line, with other than the number of rows
/// that it announces, or with regions of an aparc that have less than nine tenths of the cortex's vertices; 71; 74.
[[nodiscard]] FreesurferStats read_freesurfer_stats(const std::string& path, const base::Resources& resources);

}  // namespace tare::io
