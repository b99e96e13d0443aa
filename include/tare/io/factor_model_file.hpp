// A model of unwanted factors (RAVEL): a folder with model.json and one NIfTI map for every array, so that a factor can be
// looked at in any viewer.
#pragma once

#include <string>
#include <vector>

#include "tare/base/matrix.hpp"
#include "tare/base/resources.hpp"
#include "tare/data/features.hpp"
#include "tare/io/output.hpp"
#include "tare/io/provenance.hpp"

namespace tare::io {

struct FactorModel {
    data::Features features;       ///< the voxels of the mask
    std::vector<double> mean;      ///< of every voxel over the training images
    base::Matrix<double> gamma;    ///< factors × voxels: what one unit of a factor's score adds
    base::Matrix<double> loading;  ///< factors × voxels: an image's score is its sum with these; 0 outside of the control
    base::Index images = 0;        ///< how many it was learnt from
    Parameters parameters;         ///< what shaped the fit
    std::string path = {}, sha256 = {};  ///< of the document that it was read from; not written
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
