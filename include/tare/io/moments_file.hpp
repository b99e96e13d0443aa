// Moments as readable JSON: a person who must approve what leaves a hospital can open and read it.
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
    Parameters parameters;  ///< what shaped them
    std::string sha256;     ///< of the file they were read from; not written
    std::string tool = {};  ///< what wrote it, as in "tare 0.1.0"; not written
};

/// Throws Error (74) when writing fails.
void write_moments(Output& output, const SavedMoments& saved);

/// Throws Error: 66 no such file; 65 not JSON, not moments, of a newer format, or with a part missing, of the wrong
/// kind or length, or impossible (a negative sum of squares); the message names the part.
[[nodiscard]] SavedMoments read_moments(const std::string& path, const base::Resources& resources);

}  // namespace tare::io
