// Where a result comes from: written inside models and moments, and beside every result file X as X.json.
// No clock times, so that equal runs give equal bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tare/io/output.hpp"

namespace tare::io {

struct InputFile {
    std::string path;    ///< as the user gave it
    std::string sha256;  ///< of the bytes as stored
};

using Parameters = std::vector<std::pair<std::string, std::string>>;

struct Provenance {
    std::string program;       ///< "tare-fit"
    std::string command_line;  ///< as typed
    std::vector<InputFile> inputs;
    Parameters parameters;  ///< options in force, in declaration order
    std::optional<std::uint64_t> seed;
    std::string device = "cpu";
};

/// The name of the sidecar of a result: the result's own name with ".json" behind it.
[[nodiscard]] std::string sidecar_path(const std::string& result);

/// Writes the sidecar of one result. Throws Error (74).
void write_sidecar(Output& output, const Provenance& provenance);

}  // namespace tare::io
