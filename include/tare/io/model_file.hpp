// Models as readable JSON: everything that applying needs, nothing of any subject. Also the names of the columns that
// were used, so that new tables need not be explained again.
#pragma once

#include <string>

#include "tare/base/resources.hpp"
#include "tare/io/output.hpp"
#include "tare/io/provenance.hpp"
#include "tare/stats/combat.hpp"

namespace tare::io {

/// The columns of the training table that had these roles; empty where there was none.
struct ColumnNames {
    std::string id;
    std::string session;
    std::string site;
};

struct SavedModel {
    stats::CombatModel model;
    ColumnNames columns;
    Parameters parameters;  ///< what shaped the fit
    std::string sha256;     ///< of the file it was read from; not written
    std::string tool = {};  ///< what wrote it, as in "tare 0.1.0"; not written
};

/// Throws Error (74) when writing fails.
void write_model(Output& output, const SavedModel& saved);

/// Throws Error: 66 no such file; 65 not JSON, not a model, of a newer format, or with a part missing, of the wrong
/// kind or length; the message names the part.
[[nodiscard]] SavedModel read_model(const std::string& path, const base::Resources& resources);

/// How a model's options are called in its file: "parametric", "tare".
[[nodiscard]] std::string prior_name(stats::PriorKind prior);
[[nodiscard]] std::string convention_name(stats::Convention convention);

}  // namespace tare::io
