// Centred moments in one pass: chunks of a fixed number of subjects, each centred on its own mean, merged in the order
// they come. The chunk is part of the definition of the result, so threads, strips and tiles cannot change a bit of it.
#include <array>

#include "chunk_design.hpp"
#include "cpu_backend.hpp"
#include "widest.hpp"

namespace tare::compute {
namespace {

/// The values of one chunk in one tile of features, and their moments.
template <typename T>
class ChunkWork {
public:
    explicit ChunkWork(Index terms) : cross_(static_cast<std::size_t>(terms * tile_width)) {}

    /// `begin`: the tile's first feature, or its first position in `columns` where these choose.
    [[gnu::always_inline]] void compute(std::span<const T* const> rows, const ChunkDesign& chunk,
                                        std::span<const Index> columns, Index begin, std::size_t width) {
        const auto terms = chunk.covariate_mean_difference.size();
        std::fill_n(mean_.begin(), width, 0.0);
        for (std::size_t r = 0; r < chunk.count; ++r) {
            const T* source = rows[chunk.first + r];
            double* target = chunk_.data() + r * tile_width;
            if (columns.empty()) {
                for (std::size_t f = 0; f < width; ++f)
                    target[f] = static_cast<double>(source[begin + static_cast<Index>(f)]);
            } else {
                for (std::size_t f = 0; f < width; ++f) {
                    target[f] = static_cast<double>(source[columns[static_cast<std::size_t>(begin) + f]]);
                }
            }
            for (std::size_t f = 0; f < width; ++f) mean_[f] += target[f];
        }
        const double n = static_cast<double>(chunk.count);
        for (std::size_t f = 0; f < width; ++f) mean_[f] /= n;
        std::fill_n(squares_.begin(), width, 0.0);
        std::fill(cross_.begin(), cross_.end(), 0.0);
        for (std::size_t r = 0; r < chunk.count; ++r) {
            double* centred = chunk_.data() + r * tile_width;
            for (std::size_t f = 0; f < width; ++f) {
                centred[f] -= mean_[f];
                squares_[f] += centred[f] * centred[f];
            }
            for (std::size_t j = 0; j < terms; ++j) {
                const double code = chunk.codes[r * terms + j];
                double* cross = cross_.data() + j * tile_width;
                for (std::size_t f = 0; f < width; ++f) cross[f] += code * centred[f];
            }
        }
    }

    /// Merges the chunk into the moments of its site.
    [[gnu::always_inline]] void merge_into(SiteAccumulation& site, const ChunkDesign& chunk, std::span<const Index> columns,
                                           Index begin, std::size_t width) const {
        const double count = static_cast<double>(chunk.count);
        const double n = chunk.before + count;
        const double weight = chunk.before * count / n;
        const double share = count / n;
        const std::size_t features = site.mean.size();
        for (std::size_t f = 0; f < width; ++f) {
            const std::size_t at = static_cast<std::size_t>(begin) + f;
            const auto feature = columns.empty() ? at : static_cast<std::size_t>(columns[at]);
            const double difference = mean_[f] - site.mean[feature];
            site.mean[feature] += difference * share;
            site.squares[feature] += squares_[f] + weight * difference * difference;
            for (std::size_t j = 0; j < chunk.covariate_mean_difference.size(); ++j) {
                site.cross_products[j * features + feature] +=
                    cross_[j * tile_width + f] + weight * chunk.covariate_mean_difference[j] * difference;
            }
        }
    }

private:
    std::array<double, accumulation_chunk * tile_width> chunk_{};
    std::array<double, tile_width> mean_{};
    std::array<double, tile_width> squares_{};
    std::vector<double> cross_;
};

/// The features from `begin` to `end`, all chunks.
template <typename T>
void accumulate_strip(ChunkWork<T>& work, std::span<const T* const> values, std::span<const ChunkDesign> chunks,
                      std::span<const Index> columns, Index begin, Index end, SiteAccumulation& into) {
    widest([&]() __attribute__((always_inline)) {
        for (const ChunkDesign& chunk : chunks) {
            for (Index first = begin; first < end; first += tile_width) {
                const auto width = static_cast<std::size_t>(std::min(tile_width, end - first));
                work.compute(values, chunk, columns, first, width);
                work.merge_into(into, chunk, columns, first, width);
            }
        }
    });
}

}  // namespace

void CpuBackend::accumulate(const Rows& rows, std::span<const Index> columns, SiteAccumulation& into) const {
    const std::vector<ChunkDesign> chunks = cut_chunks(rows, into);
    const Index features = static_cast<Index>(columns.empty() ? into.mean.size() : columns.size());
    const Index strip = strip_width_for(features, threads_);
    const Index strips = (features + strip - 1) / strip;
    const Index cells = static_cast<Index>(rows.subjects.size()) * features;
    std::visit(
        [&]<typename T>(const std::vector<const T*>& values) {
#pragma omp parallel num_threads(threads_) if (cells >= parallel_cells)
            {
                ChunkWork<T> work(rows.codes.columns());
#pragma omp for schedule(dynamic)
                for (Index s = 0; s < strips; ++s) {
                    accumulate_strip<T>(work, values, chunks, columns, s * strip, std::min(features, (s + 1) * strip), into);
                }
            }
        },
        rows.values);
}

}  // namespace tare::compute
