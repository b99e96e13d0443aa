// The design side of accumulating: how subjects are cut into chunks, and where each chunk's covariates lie. It is the same
// for every feature and on every device.
#pragma once

#include <vector>

#include "tare/compute/backend.hpp"

namespace tare::compute {

/// The design side of one chunk, the same for every feature.
struct ChunkDesign {
    std::size_t first = 0, count = 0;               ///< rows
    double before = 0.0;                            ///< subjects of the site that came earlier
    std::vector<double> codes;                      ///< rows × terms, centred on the chunk's own mean
    std::vector<double> covariate_mean_difference;  ///< terms: the chunk's mean less that of the subjects before
};

/// Cuts the rows into chunks and moves the site's covariate mean and count on past them.
[[nodiscard]] std::vector<ChunkDesign> cut_chunks(const Rows& rows, SiteAccumulation& site);

}  // namespace tare::compute
