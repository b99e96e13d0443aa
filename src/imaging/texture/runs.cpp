// Counting runs of grey levels (IBSI reference manual 3.7).
#include "tare/imaging/texture/runs.hpp"

#include <algorithm>
#include <array>

#include "directions.hpp"

namespace tare::imaging::texture {

namespace {

class RunCounts {
public:
    explicit RunCounts(const Levels& levels)
        : levels_(levels),
          longest_(static_cast<std::size_t>(std::ranges::max(levels.box.extents))),
          counts_((static_cast<std::size_t>(levels.count) + 1) * longest_) {}

    /// Runs along `step` that begin in the stretch; `voxels` could each have been one.
    void add(const Stretch& stretch, Index step, Index voxels) {
        const std::uint16_t* level = levels_.level.data();
        for (std::size_t i = stretch.begin; i < stretch.end; ++i) {
            const std::uint16_t* at = level + i;
            const std::uint16_t own = *at;
            if (own == 0 || *(at - step) == own) continue;
            std::size_t length = 1;
            while (*(at += step) == own) ++length;
            ++counts_[own * longest_ + length];
        }
        voxels_ += static_cast<double>(voxels);
    }

    /// The features of what was added, which is forgotten.
    Emphases take() {
        std::vector<Counted> counted;
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            if (counts_[i] == 0) continue;
            counted.push_back(
                {static_cast<Index>(i / longest_), static_cast<Index>(i % longest_), static_cast<double>(counts_[i])});
        }
        const double voxels = voxels_;
        voxels_ = 0.0;
        std::fill(counts_.begin(), counts_.end(), 0U);
        return emphases(counted, voxels);
    }

private:
    const Levels& levels_;
    std::size_t longest_;  ///< longer than any run: a box has margins
    std::vector<std::uint32_t> counts_;
    double voxels_ = 0.0;
};

}  // namespace

Emphases run_lengths(const Levels& levels, Aggregation aggregation) {
    if (levels.voxels == 0) return {};
    return average(gathered(levels, aggregation, RunCounts(levels)), run_length_features());
}

std::uint64_t run_length_bytes(const Box& box, Index levels) {
    const auto cells = (static_cast<std::uint64_t>(levels) + 1) * static_cast<std::uint64_t>(std::ranges::max(box.extents));
    // A cell that occurs is listed, and sorted by level and by length; lists have room for twice as many.
    constexpr std::uint64_t listed = 2 * (sizeof(Counted) + 2 * sizeof(std::pair<Index, double>));
    return cells * sizeof(std::uint32_t) + std::min<std::uint64_t>(cells, box.voxels()) * listed;
}

std::span<const Named<Emphases>> run_length_features() {
    using E = Emphases;
    static constexpr std::array features{
        Named<E>{"short_runs_emphasis", "rlm_sre", "22OV", &E::small},
        Named<E>{"long_runs_emphasis", "rlm_lre", "W4KF", &E::large},
        Named<E>{"low_grey_level_run_emphasis", "rlm_lgre", "V3SW", &E::low},
        Named<E>{"high_grey_level_run_emphasis", "rlm_hgre", "G3QZ", &E::high},
        Named<E>{"short_run_low_grey_level_emphasis", "rlm_srlge", "HTZT", &E::small_low},
        Named<E>{"short_run_high_grey_level_emphasis", "rlm_srhge", "GD3A", &E::small_high},
        Named<E>{"long_run_low_grey_level_emphasis", "rlm_lrlge", "IVPO", &E::large_low},
        Named<E>{"long_run_high_grey_level_emphasis", "rlm_lrhge", "3KUM", &E::large_high},
        Named<E>{"grey_level_non_uniformity", "rlm_glnu", "R5YN", &E::level_non_uniformity},
        Named<E>{"grey_level_non_uniformity_normalised", "rlm_glnu_norm", "OVBL", &E::level_non_uniformity_normalised},
        Named<E>{"run_length_non_uniformity", "rlm_rlnu", "W92Y", &E::size_non_uniformity},
        Named<E>{"run_length_non_uniformity_normalised", "rlm_rlnu_norm", "IC23", &E::size_non_uniformity_normalised},
        Named<E>{"run_percentage", "rlm_r_perc", "9ZK5", &E::percentage},
        Named<E>{"grey_level_variance", "rlm_gl_var", "8CE5", &E::level_variance},
        Named<E>{"run_length_variance", "rlm_rl_var", "SXLW", &E::size_variance},
        Named<E>{"run_entropy", "rlm_rl_entr", "HJ9O", &E::entropy},
    };
    return features;
}

}  // namespace tare::imaging::texture
