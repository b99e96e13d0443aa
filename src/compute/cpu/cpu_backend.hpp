// The processor's Backend: OpenMP over tiles of features. Each operation has a source file of its own.
#pragma once

#include <algorithm>

#include "tare/compute/backend.hpp"

namespace tare::compute {

/// Features handled together: a tile of doubles for a chunk of subjects fits the first-level cache.
inline constexpr Index tile_width = 128;

/// Features that one thread takes at a time: long enough for streams of memory, short enough for the second-level cache.
inline constexpr Index strip_width = 32 * tile_width;

/// The width of the strips into which `features` are cut: a multiple of the tile, and several strips for each thread.
[[nodiscard]] inline Index strip_width_for(Index features, int threads) {
    const Index share = features / (4 * static_cast<Index>(threads)) + 1;
    return std::min(strip_width, (share + tile_width - 1) / tile_width * tile_width);
}

/// Below this many cells a loop stays on one thread: waking the others, and waiting for them on a busy node, costs more.
inline constexpr Index parallel_cells = 65'536;
/// The same for features of one site whose effects are iterated, a few microseconds each.
inline constexpr std::size_t parallel_features = 8'192;

class CpuBackend final : public Backend {
public:
    explicit CpuBackend(int threads) : threads_(threads) {}

    void accumulate(const Rows& rows, std::span<const Index> columns, SiteAccumulation& into) const override;
    [[nodiscard]] Matrix<double> solve(const FeatureMoments& moments, Index sites, Index terms,
                                       std::span<const SharedDesign> designs) const override;
    [[nodiscard]] SiteResiduals residuals(const FeatureMoments& moments, Index sites, std::span<const SharedDesign> designs,
                                          const Matrix<double>& coefficients) const override;
    void fit_curve(const FeatureMoments& moments, Index sites, std::span<const CurveDesign> designs,
                   const CurveFits& into) const override;
    [[nodiscard]] int threads() const noexcept override { return threads_; }
    [[nodiscard]] SiteEffects shrink_parametric(const SiteEstimates& site, const SitePrior& prior,
                                                StopRule stop) const override;
    [[nodiscard]] SiteEffects shrink_nonparametric(const SiteEstimates& site) const override;
    void adjust(const Rows& rows, const Adjustment& adjustment, const base::WritableRows& adjusted) const override;

private:
    int threads_;
};

/// A run of features of one group, the unit of parallel work.
struct Tile {
    Index group;
    Index begin;  ///< position in the group's columns
    Index count;
};

/// Cuts the columns of every group (`group.columns`) into tiles.
template <typename Group>
[[nodiscard]] std::vector<Tile> tiles_of(std::span<const Group> groups) {
    std::vector<Tile> tiles;
    for (Index g = 0; g < static_cast<Index>(groups.size()); ++g) {
        const Index columns = static_cast<Index>(groups[static_cast<std::size_t>(g)].columns.size());
        for (Index begin = 0; begin < columns; begin += tile_width) {
            tiles.push_back({g, begin, std::min(tile_width, columns - begin)});
        }
    }
    return tiles;
}

/// Calls work(group, feature, room) for every feature of the groups, tile by tile on all threads. `room` is as many numbers
/// of the thread's own.
template <typename Group, typename Work>
void for_each_feature(std::span<const Group> groups, Index room, int threads, bool parallel, const Work& work) {
    const std::vector<Tile> tiles = tiles_of(groups);
#pragma omp parallel num_threads(threads) if (parallel)
    {
        std::vector<double> own(static_cast<std::size_t>(room));
#pragma omp for schedule(dynamic)
        for (std::size_t t = 0; t < tiles.size(); ++t) {
            const Group& group = groups[static_cast<std::size_t>(tiles[t].group)];
            for (Index f = tiles[t].begin; f < tiles[t].begin + tiles[t].count; ++f) {
                work(group, group.columns[static_cast<std::size_t>(f)], std::span(own));
            }
        }
    }
}

}  // namespace tare::compute
