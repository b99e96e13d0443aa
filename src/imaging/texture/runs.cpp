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

void add_slices(std::vector<Emphases>& found, const Levels& levels, bool merge) {
    RunCounts counts(levels);
    const auto steps = directions(levels.box);
    const std::vector<Index> voxels = voxels_of_slices(levels);
    for (std::size_t z = 0; z < voxels.size(); ++z) {
        if (voxels[z] == 0) continue;
        for (std::size_t d = 0; d < directions_in_slice; ++d) {
            counts.add(stretch(levels.box, static_cast<Index>(z), static_cast<Index>(z) + 1), steps[d], voxels[z]);
            if (!merge) found.push_back(counts.take());
        }
        if (merge) found.push_back(counts.take());
    }
}

void add_directions(std::vector<Emphases>& found, const Levels& levels, std::size_t count, bool merge) {
    RunCounts counts(levels);
    const auto steps = directions(levels.box);
    for (std::size_t d = 0; d < count; ++d) {
        counts.add(stretch(levels.box, 1, levels.box.extents[2] - 1), steps[d], levels.voxels);
        if (!merge) found.push_back(counts.take());
    }
    if (merge) found.push_back(counts.take());
}

}  // namespace

Emphases run_lengths(const Levels& levels, Aggregation aggregation) {
    if (levels.voxels == 0) return {};
    std::vector<Emphases> found;
    switch (aggregation) {
        case Aggregation::slices_average:
            add_slices(found, levels, false);
            break;
        case Aggregation::slices_merged:
            add_slices(found, levels, true);
            break;
        case Aggregation::directions_average:
            add_directions(found, levels, directions_in_slice, false);
            break;
        case Aggregation::directions_merged:
            add_directions(found, levels, directions_in_slice, true);
            break;
        case Aggregation::volume_average:
            add_directions(found, levels, 13, false);
            break;
        case Aggregation::volume_merged:
            add_directions(found, levels, 13, true);
            break;
    }
    return average(found, run_length_features());
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
