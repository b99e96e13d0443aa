// What makes a folder of result images a BIDS derivative: its description and README, and what a sidecar tells of an image
// in the words of BIDS.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tare/base/temporary_files.hpp"

namespace tare::io {

/// The keys of an image's sidecar that BIDS has.
struct BidsFacts {
    std::string description;
    std::string source;  ///< BIDS URI of the image that it was made from; empty: not told
    /// Names and JSON texts of what holds for the result as it did for its source.
    std::vector<std::pair<std::string, std::string>> inherited;
};

/// What the sidecar of a source image tells that holds for a harmonised one too: SkullStripped, which is false where nothing
/// says so, SpatialReference, Resolution and Density.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> inherited_facts(const std::string& source_image);

/// A folder of results, and the folder that their sources lie in.
class BidsDerivative {
public:
    /// Reads the dataset_description.json of `folder` where there is one.
    BidsDerivative(std::string folder, std::string source_folder);

    /// The BIDS URI of a source image; empty where the folder has a description that does not say where sources lie.
    [[nodiscard]] std::string uri(const std::string& source_image) const;

    /// Writes README.md and dataset_description.json unless the folder has a description already; a README of any kind
    /// stays. Throws Error (73, 74).
    void describe(base::TemporaryFiles& unfinished) const;

private:
    std::string folder_, source_folder_;
    std::string link_;  ///< the way from the one folder to the other; empty where they are the same
    bool linked_ = true;
};

}  // namespace tare::io
