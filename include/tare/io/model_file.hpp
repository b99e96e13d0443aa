// Models as readable JSON: everything that applying needs, nothing of any subject. Also the names of the columns that
// were used, so that new tables need not be explained again. A model of voxels or of a matrix is a folder: the JSON
// document model.json, and beside it one file for every array.
#pragma once

#include <string>

#include "tare/base/resources.hpp"
#include "tare/base/workspace.hpp"
#include "tare/io/output.hpp"
#include "tare/io/provenance.hpp"
#include "tare/stats/combat.hpp"

namespace tare::io {

/// The columns of the training table that had these roles; empty where there was none.
struct ColumnNames {
    std::string id;
    std::string session;
    std::string site;
    std::vector<std::string> more_sites = {};  ///< further batch variables
    std::string person = {};                   ///< of longitudinal models
};

struct SavedModel {
    stats::CombatModel model;
    ColumnNames columns;
    Parameters parameters;    ///< what shaped the fit
    std::string path = {};    ///< of the JSON document it was read from
    std::string sha256 = {};  ///< of that document; neither is written
    std::string tool = {};    ///< what wrote it, as in "tare 0.1.0"; not written
};

/// Takes what it writes by value in one object: move a model into it, a copy of one doubles its memory.
/// Writes the document to `output`, and the arrays of voxels or matrices to files that it opens in `beside`, in the folder
/// of `output`. Throws Error (73, 74).
void write_model(Output& output, OutputSet& beside, const SavedModel& saved, const base::Resources& resources);

/// `path` is the JSON document, or the folder that holds it. Throws Error: 66 no such file; 65 not JSON, not a model, of a
/// newer format, or with a part missing, of the wrong kind or length, or a file beside it that is not the one written
/// with it; the message names the part.
[[nodiscard]] SavedModel read_model(const std::string& path, const base::Resources& resources, base::Workspace& workspace);
[[nodiscard]] inline SavedModel read_model(const std::string& path) {
    base::Workspace on_the_heap;
    return read_model(path, {}, on_the_heap);
}

/// How a model's options are called in its file: "parametric", "tare".
[[nodiscard]] std::string prior_name(stats::PriorKind prior);
[[nodiscard]] std::string convention_name(stats::Convention convention);

}  // namespace tare::io
