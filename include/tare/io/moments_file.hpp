// Moments as readable JSON: a person who must approve what leaves a hospital can open and read it. Moments of voxels or of a
// matrix are a folder: the JSON document moments.json, and beside it one file for every array.
#pragma once

#include <string>

#include "tare/base/resources.hpp"
#include "tare/io/model_file.hpp"
#include "tare/io/output.hpp"
#include "tare/stats/moments.hpp"

namespace tare::io {

struct SavedMoments {
    stats::Moments moments;
    ColumnNames columns;
    Parameters parameters;    ///< what shaped them
    std::string path = {};    ///< of the JSON document they were read from
    std::string sha256 = {};  ///< of that document; neither is written
    std::string tool = {};    ///< what wrote it, as in "tare 0.1.0"; not written
};

/// Writes the document to `output`, and the arrays of voxels or matrices to files that it opens in `beside`, in the folder
/// of `output`. Throws Error (73, 74).
void write_moments(Output& output, OutputSet& beside, const SavedMoments& saved, const base::Resources& resources);

/// `path` is the JSON document, or the folder that holds it. Throws Error: 66 no such file; 65 not JSON, not moments, of a
/// newer format, or with a part missing, of the wrong kind or length, or impossible (a negative sum of squares), or a file
/// beside it that is not the one written with it; the message names the part.
[[nodiscard]] SavedMoments read_moments(const std::string& path, const base::Resources& resources,
                                        base::Workspace& workspace);

}  // namespace tare::io
