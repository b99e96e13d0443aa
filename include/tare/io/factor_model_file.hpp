// A model of unwanted factors (RAVEL): a folder with model.json and one NIfTI map for every array, so that a factor can be
// looked at in any viewer.
#pragma once

#include <string>
#include <vector>

#include "tare/base/resources.hpp"
#include "tare/data/features.hpp"
#include "tare/data/voxel_factors.hpp"
#include "tare/io/input_file.hpp"
#include "tare/io/output.hpp"
#include "tare/io/provenance.hpp"

namespace tare::io {

struct FactorModel {
    data::Features features;  ///< the voxels of the mask
    data::VoxelFactors maps;
    base::Index images = 0;             ///< how many it was learnt from
    Parameters parameters;              ///< what shaped the fit
    std::vector<InputFile> files = {};  ///< that it was read from, the document first; not written
};

/// Writes the document to `output`, and the maps to files that it opens in `beside`, in the folder of `output`.
/// Throws Error (73, 74).
void write_factor_model(Output& output, OutputSet& beside, const FactorModel& model, const base::Resources& resources);

/// `path` is the JSON document, or the folder that holds it. Throws Error: 66; 65 not such a model, of a newer format, or
/// with a part that is missing or not the one written with it; 71; 74.
[[nodiscard]] FactorModel read_factor_model(const std::string& path, const base::Resources& resources);

/// The document that `path` means: itself, or model.json in the folder that it names.
[[nodiscard]] std::string factor_document(const std::string& path);

}  // namespace tare::io
