// Cuts subjects into chunks that are centred on their own mean covariates.
#include "chunk_design.hpp"

#include <algorithm>

namespace tare::compute {

std::vector<ChunkDesign> cut_chunks(const Rows& rows, SiteAccumulation& site) {
    const auto terms = static_cast<std::size_t>(rows.codes.columns());
    site.covariate_mean.resize(terms, 0.0);
    std::vector<ChunkDesign> chunks;
    for (std::size_t first = 0; first < rows.subjects.size(); first += accumulation_chunk) {
        ChunkDesign chunk{first,
                          std::min<std::size_t>(accumulation_chunk, rows.subjects.size() - first),
                          static_cast<double>(site.n),
                          {},
                          {}};
        const double count = static_cast<double>(chunk.count);
        chunk.codes.resize(chunk.count * terms);
        for (std::size_t j = 0; j < terms; ++j) {
            double sum = 0.0;
            for (std::size_t r = 0; r < chunk.count; ++r) sum += rows.codes(rows.subjects[first + r], static_cast<Index>(j));
            const double mean = sum / count;
            for (std::size_t r = 0; r < chunk.count; ++r) {
                chunk.codes[r * terms + j] = rows.codes(rows.subjects[first + r], static_cast<Index>(j)) - mean;
            }
            const double difference = mean - site.covariate_mean[j];
            chunk.covariate_mean_difference.push_back(difference);
            site.covariate_mean[j] += difference * (count / (chunk.before + count));
        }
        site.n += static_cast<Index>(chunk.count);
        chunks.push_back(std::move(chunk));
    }
    return chunks;
}

}  // namespace tare::compute
