// Where a result comes from: written inside models and moments, and beside every result file X as X.json.
// No clock times, so that equal runs give equal bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tare/io/bids.hpp"
#include "tare/io/input_file.hpp"
#include "tare/io/output.hpp"

namespace tare::io {

using Parameters = std::vector<std::pair<std::string, std::string>>;

struct Provenance {
    std::string program;       ///< "tare-fit"
    std::string command_line;  ///< as typed
    std::vector<InputFile> inputs;
    Parameters parameters;  ///< options in force, in declaration order
    std::optional<std::uint64_t> seed;
    std::string device = "cpu";
    std::string result_sha256 = {};       ///< of the result itself, where it is known
    std::optional<BidsFacts> image = {};  ///< of a harmonised image
};

/// The name of the sidecar of a result: the result's own name with ".json" behind it.
[[nodiscard]] std::string sidecar_path(const std::string& result);

/// The name of the sidecar of an image, as BIDS has it: .json in place of .nii, .nii.gz, .mgh or .mgz.
[[nodiscard]] std::string image_sidecar_path(const std::string& image);

/// What the sidecar at `path` says differently of its result than `provenance`, in words that follow the result's name;
/// empty where both have the same program, version, inputs, seed, device and parameters, except for those in `ignored`.
[[nodiscard]] std::string sidecar_difference(const std::string& path, const Provenance& provenance,
                                             const std::vector<std::string>& ignored);

/// The checksum of the result that the sidecar at `path` tells; empty where it tells none.
[[nodiscard]] std::string sidecar_result_sha256(const std::string& path);

/// Writes the sidecar of one result. Throws Error (74).
void write_sidecar(Output& output, const Provenance& provenance);

}  // namespace tare::io
