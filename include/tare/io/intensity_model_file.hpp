// The standard that a population method of intensity normalisation has learnt, as readable JSON.
#pragma once

#include <string>
#include <vector>

#include "tare/base/matrix.hpp"
#include "tare/base/resources.hpp"
#include "tare/io/output.hpp"
#include "tare/io/provenance.hpp"

namespace tare::io {

struct IntensityModel {
    std::string method;               ///< "nyul", "lsq"
    std::vector<double> percentiles;  ///< of method nyul: which landmarks; empty for others
    std::vector<double> standard;     ///< intensities of the landmarks, or means of the tissues from dark to bright
    base::Index images = 0;           ///< how many it was learnt from
    Parameters parameters;            ///< what shaped the fit
    std::string sha256 = {};          ///< of the file that it was read from; not written
};

/// Throws Error (74).
void write_intensity_model(Output& output, const IntensityModel& model);

/// Throws Error: 66; 65 not JSON, not such a model, of a newer format or with a part missing or wrong; 71; 74.
[[nodiscard]] IntensityModel read_intensity_model(const std::string& path, const base::Resources& resources);

}  // namespace tare::io
