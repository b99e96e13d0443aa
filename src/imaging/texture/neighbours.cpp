// Comparing voxels with their neighbours (IBSI reference manual 3.10 and 3.11).
#include "tare/imaging/texture/neighbours.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "directions.hpp"

namespace tare::imaging::texture {

namespace {

/// What a voxel sees around it.
struct Surroundings {
    Index measured = 0;  ///< neighbours
    Index levels = 0;    ///< sum of theirs
    Index alike = 0;     ///< of the voxel's own level
};

/// Calls see(level, surroundings) for the measured voxels of the slices from `first` to before `end`.
template <typename See>
void look_around(const Levels& levels, Extent extent, Index first, Index end, const See& see) {
    const auto steps = directions(levels.box);
    const std::span<const Index> ways =
        std::span(steps).first(extent == Extent::volume ? steps.size() : directions_in_slice);
    const Stretch inner = stretch(levels.box, first, end);
    for (std::size_t i = inner.begin; i < inner.end; ++i) {
        const std::uint16_t* at = levels.level.data() + i;
        const Index own = *at;
        if (own == 0) continue;
        Surroundings around;
        for (const Index way : ways) {
            for (const Index other : {Index{at[way]}, Index{at[-way]}}) {
                around.measured += other != 0 ? 1 : 0;
                around.levels += other;
                around.alike += other == own ? 1 : 0;
            }
        }
        see(own, around);
    }
}

/// Calls each(first slice, end, voxels) for every slice with measured voxels, or once for all.
template <typename Each>
void for_each_part(const Levels& levels, Extent extent, const Each& each) {
    if (extent != Extent::slices) {
        each(Index{1}, levels.box.extents[2] - 1, levels.voxels);
        return;
    }
    const std::vector<Index> voxels = voxels_of_slices(levels);
    for (std::size_t z = 0; z < voxels.size(); ++z) {
        if (voxels[z] > 0) each(static_cast<Index>(z), static_cast<Index>(z) + 1, voxels[z]);
    }
}

/// A level that occurs: its share of the voxels with neighbours, and the sum of differences from their means.
struct Tone {
    double level, share, difference;
};

/// Sums over ordered pairs of levels.
struct ToneSums {
    double contrast = 0.0, busyness = 0.0, complexity = 0.0, strength = 0.0;
};

ToneSums pair_sums(const std::vector<Tone>& tones) {
    ToneSums sums;
    for (const Tone& a : tones) {
        for (const Tone& b : tones) {
            const double off = std::abs(a.level - b.level);
            const double either = a.share + b.share;
            sums.contrast += a.share * b.share * off * off;
            sums.busyness += std::abs(a.level * a.share - b.level * b.share);
            sums.complexity += off * (a.share * a.difference + b.share * b.difference) / either;
            sums.strength += either * off * off;
        }
    }
    return sums;
}

ToneDifference tone_features(const std::vector<Tone>& tones, double voxels) {
    ToneDifference t;
    if (tones.empty()) return t;
    const auto levels = static_cast<double>(tones.size());
    double weighted = 0.0, differences = 0.0;
    for (const Tone& tone : tones) {
        weighted += tone.share * tone.difference;
        differences += tone.difference;
    }
    const ToneSums sums = pair_sums(tones);
    t.coarseness = weighted > 0.0 ? 1.0 / weighted : 1e6;
    t.contrast = t.busyness = 0.0;
    if (tones.size() > 1) {
        t.contrast = sums.contrast / (levels * (levels - 1.0)) * differences / voxels;
        t.busyness = sums.busyness > 0.0 ? weighted / sums.busyness : undefined;
    }
    t.complexity = sums.complexity / voxels;
    t.strength = differences > 0.0 ? sums.strength / differences : 0.0;
    return t;
}

}  // namespace

ToneDifference tone_difference(const Levels& levels, Extent extent) {
    std::vector<ToneDifference> found;
    if (levels.voxels == 0) return {};
    for_each_part(levels, extent, [&](Index first, Index end, Index) {
        std::vector<double> counts(static_cast<std::size_t>(levels.count)), differences(counts.size());
        double voxels = 0.0;
        look_around(levels, extent, first, end, [&](Index level, const Surroundings& around) {
            if (around.measured == 0) return;
            const double mean = static_cast<double>(around.levels) / static_cast<double>(around.measured);
            const auto at = static_cast<std::size_t>(level - 1);
            counts[at] += 1.0;
            differences[at] += std::abs(static_cast<double>(level) - mean);
            voxels += 1.0;
        });
        std::vector<Tone> tones;
        for (std::size_t i = 0; i < counts.size(); ++i) {
            if (counts[i] > 0.0) tones.push_back({static_cast<double>(i + 1), counts[i] / voxels, differences[i]});
        }
        found.push_back(tone_features(tones, voxels));
    });
    return average(found, tone_difference_features());
}

Emphases dependence(const Levels& levels, Extent extent) {
    constexpr std::size_t sizes = 28;
    std::vector<Emphases> found;
    if (levels.voxels == 0) return {};
    for_each_part(levels, extent, [&](Index first, Index end, Index voxels) {
        std::vector<double> counts(static_cast<std::size_t>(levels.count + 1) * sizes);
        look_around(levels, extent, first, end, [&](Index level, const Surroundings& around) {
            counts[static_cast<std::size_t>(level) * sizes + static_cast<std::size_t>(around.alike + 1)] += 1.0;
        });
        std::vector<Counted> counted;
        for (std::size_t i = 0; i < counts.size(); ++i) {
            if (counts[i] == 0.0) continue;
            counted.push_back({static_cast<Index>(i / sizes), static_cast<Index>(i % sizes), counts[i]});
        }
        found.push_back(emphases(counted, static_cast<double>(voxels)));
    });
    return average(found, dependence_features());
}

std::span<const Named<ToneDifference>> tone_difference_features() {
    using T = ToneDifference;
    static constexpr std::array features{
        Named<T>{"coarseness", "ngt_coarseness", "QCDE", &T::coarseness},
        Named<T>{"contrast", "ngt_contrast", "65HE", &T::contrast},
        Named<T>{"busyness", "ngt_busyness", "NQ30", &T::busyness},
        Named<T>{"complexity", "ngt_complexity", "HDEZ", &T::complexity},
        Named<T>{"strength", "ngt_strength", "1X9X", &T::strength},
    };
    return features;
}

std::span<const Named<Emphases>> dependence_features() {
    using E = Emphases;
    static constexpr std::array features{
        Named<E>{"low_dependence_emphasis", "ngl_lde", "SODN", &E::small},
        Named<E>{"high_dependence_emphasis", "ngl_hde", "IMOQ", &E::large},
        Named<E>{"low_grey_level_count_emphasis", "ngl_lgce", "TL9H", &E::low},
        Named<E>{"high_grey_level_count_emphasis", "ngl_hgce", "OAE7", &E::high},
        Named<E>{"low_dependence_low_grey_level_emphasis", "ngl_ldlge", "EQ3F", &E::small_low},
        Named<E>{"low_dependence_high_grey_level_emphasis", "ngl_ldhge", "JA6D", &E::small_high},
        Named<E>{"high_dependence_low_grey_level_emphasis", "ngl_hdlge", "NBZI", &E::large_low},
        Named<E>{"high_dependence_high_grey_level_emphasis", "ngl_hdhge", "9QMG", &E::large_high},
        Named<E>{"grey_level_non_uniformity", "ngl_glnu", "FP8K", &E::level_non_uniformity},
        Named<E>{"grey_level_non_uniformity_normalised", "ngl_glnu_norm", "5IAA", &E::level_non_uniformity_normalised},
        Named<E>{"dependence_count_non_uniformity", "ngl_dcnu", "Z87G", &E::size_non_uniformity},
        Named<E>{"dependence_count_non_uniformity_normalised", "ngl_dcnu_norm", "OKJI", &E::size_non_uniformity_normalised},
        Named<E>{"dependence_count_percentage", "ngl_dc_perc", "6XV8", &E::percentage},
        Named<E>{"grey_level_variance", "ngl_gl_var", "1PFV", &E::level_variance},
        Named<E>{"dependence_count_variance", "ngl_dc_var", "DNX2", &E::size_variance},
        Named<E>{"dependence_count_entropy", "ngl_dc_entr", "FCBV", &E::entropy},
        Named<E>{"dependence_count_energy", "ngl_dc_energy", "CAS9", &E::energy},
    };
    return features;
}

}  // namespace tare::imaging::texture
